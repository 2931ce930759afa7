import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { manualClock } from "../../harness/clock/testing/manual-clock.ts";
import type { LoggedFinding, LoggedPush } from "./logged-push.ts";
import { pushLog } from "./push-log.ts";

const finding: LoggedFinding = { rule: "apns/priority", mismatch: "not-immediate", expected: "10", actual: "5" };

function push(change: Partial<LoggedPush> = {}): Omit<LoggedPush, "number"> {
  return {
    service: "apns",
    receivedAtMs: 0,
    connection: "apns-1",
    method: "POST",
    path: "/3/device/0a",
    headers: {},
    body: "{}",
    id: "",
    status: 200,
    scripted: false,
    became: "delivered",
    findings: [],
    ...change,
  };
}

describe("the log of the mocks", () => {
  const tokens = fc.array(fc.constantFrom("0a", "0b", "0c"), { maxLength: 20 });

  test("gives every push out once and in order, whether it came before or after it was asked for", async () => {
    await fc.assert(
      fc.asyncProperty(
        tokens,
        fc.array(fc.constantFrom("0a", "0b", undefined), { maxLength: 20 }),
        fc.nat(20),
        async (came, asked, before) => {
          const log = pushLog({ clock: manualClock(0) });
          for (const token of came.slice(0, before)) log.add(push({ token }));
          const waiting = asked.map(async (token) =>
            log.next(token === undefined ? {} : { token }, 1_000).catch(() => undefined),
          );
          for (const token of came.slice(before)) log.add(push({ token }));
          log.close();
          const given = (await Promise.all(waiting)).map((one) => one?.number);
          const numbers = given.filter((number) => number !== undefined);
          expect(new Set(numbers).size).toBe(numbers.length);
          for (const wanted of ["0a", "0b", undefined]) {
            const ofOne = given.filter((_, at) => asked[at] === wanted).filter((number) => number !== undefined);
            expect(ofOne).toEqual(ofOne.toSorted((a, b) => a - b));
          }
          // Whoever got none could not have been given one that is left.
          const left = log.pushes().filter(({ number }) => !numbers.includes(number));
          const unserved = asked.filter((_, at) => given[at] === undefined);
          expect(unserved.flatMap((wanted) => left.filter(({ token }) => (wanted ?? token) === token))).toEqual([]);
        },
      ),
    );
  });

  test("keeps the newest, and still fails for findings of those it has let go", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.array(fc.boolean(), { maxLength: 30 }), (keep, broken) => {
        const log = pushLog({ clock: manualClock(0), keep });
        for (const isBroken of broken) log.add(push({ findings: isBroken ? [finding] : [] }));
        expect(log.pushes().map(({ number }) => number)).toEqual(broken.map((_, at) => at + 1).slice(-keep));
        let told = "";
        try {
          log.expectNoFindings();
        } catch (error) {
          told = String(error);
        }
        expect(told.includes("Findings:")).toBe(broken.includes(true));
        log.clear();
        log.expectNoFindings();
        expect(log.pushes()).toEqual([]);
      }),
    );
  });

  test("does not keep more bytes than it may, however few the pushes", () => {
    const log = pushLog({ clock: manualClock(0) });
    const body = "x".repeat(1024 * 1024);
    for (let count = 0; count < 100; count++) log.add(push({ body }));
    expect(log.pushes()).toHaveLength(64);
  });

  test("waits for a push no longer than its deadline", async () => {
    const clock = manualClock(0);
    const log = pushLog({ clock });
    log.addProblem({ service: "apns", connection: "apns-1", atMs: 0, failed: "TLS: unknown ca", findings: [] });
    const waiting = log.next({ token: "0a" }, 500).catch(String);
    clock.advance(500);
    expect(await waiting).toContain(
      "No push for token 0a came within 500 ms. The log has none at all.\nConnection apns-1 failed: TLS: unknown ca",
    );
    const since = log.since(0, {}, 500);
    clock.advance(500);
    expect(await since).toEqual([]);
  });

  test("gives a push as it has become meanwhile", async () => {
    const log = pushLog({ clock: manualClock(0) });
    const waiting = log.next({}, 500);
    const { number } = log.add(push({ became: "stored" }));
    log.change(number, { became: "dropped" });
    expect((await waiting).became).toBe("dropped");
  });

  test("keeps the services apart", () => {
    const log = pushLog({ clock: manualClock(0) });
    log.add(push({ findings: [finding] }));
    log.addProblem({ service: "apns", connection: "apns-1", atMs: 0, findings: [finding] });
    log.expectNoFindings("fcm");
    expect(() => log.expectNoFindings("apns")).toThrow(
      /push 1 to apns: 200\n {2}apns\/priority .*\nconnection apns-1\n/,
    );
    log.clear("fcm");
    expect(log.findings("apns")).toHaveLength(2);
  });
});
