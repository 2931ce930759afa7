import { describe, expect, test } from "vitest";
import { manualClock } from "../../harness/clock/testing/manual-clock.ts";
import { defaultDeadlines } from "../../harness/config/parse-config.ts";
import type { CaseEnd } from "../../harness/trace/trace.ts";
import type { TraceEvent } from "../../harness/trace/trace-event.ts";
import { absenceWindowMs, CASE_CAP_MS, caseEnding } from "./case-ending.ts";

const facts = { role: "server", deadlines: defaultDeadlines } as const;
const windowMs = absenceWindowMs(facts);

function ending() {
  const clock = manualClock(0);
  let waiting: string | undefined = "the first registrations";
  const one = caseEnding(clock, facts, () => waiting);
  let end: CaseEnd | undefined;
  void one.ended.then((how) => (end = how));
  return {
    clock,
    one,
    waitFor(what: string | undefined) {
      waiting = what;
      one.changed();
    },
    stimulus: (retransmitOf?: number) =>
      one.observe({
        by: "world",
        atMs: clock.now(),
        ...(retransmitOf === undefined ? {} : { retransmitOf }),
      } as TraceEvent),
    async end() {
      await Promise.resolve();
      return end;
    },
  };
}

describe("the end of a case", () => {
  test("the window is long enough for every deadline that is measured from the last stimulus", () => {
    expect(windowMs).toBeGreaterThan(defaultDeadlines.ringStopAfterHangupMs);
    expect(windowMs).toBeGreaterThan(defaultDeadlines.inviteAfterRegisterMs);
    expect(windowMs).toBeGreaterThanOrEqual(defaultDeadlines.absenceMs);
    const slow = { role: "client", deadlines: { ...defaultDeadlines, appReactsMs: 7_000 } } as const;
    expect(absenceWindowMs(slow)).toBeGreaterThan(7_000);
  });

  test("comes when nothing is waited for and the absence window was seen whole", async () => {
    const { clock, waitFor, end } = ending();
    clock.advance(1_000);
    waitFor(undefined);
    clock.advance(windowMs - 1);
    expect(await end()).toBeUndefined();
    clock.advance(1);
    expect(await end()).toEqual({ kind: "finished", atMs: 1_000 + windowMs, absenceFromMs: 1_000 });
  });

  test("a stimulus starts the window anew, a retransmission of ours does not", async () => {
    const { clock, waitFor, stimulus, end } = ending();
    waitFor(undefined);
    clock.advance(500);
    stimulus();
    clock.advance(windowMs - 100);
    stimulus(3);
    expect(await end()).toBeUndefined();
    clock.advance(100);
    expect(await end()).toMatchObject({ kind: "finished", absenceFromMs: 500 });
  });

  test("what is waited for again stops the window", async () => {
    const { clock, waitFor, end } = ending();
    waitFor(undefined);
    clock.advance(windowMs - 10);
    waitFor("a push delivery that is due");
    clock.advance(5_000);
    expect(await end()).toBeUndefined();
    waitFor(undefined);
    clock.advance(windowMs);
    expect(await end()).toMatchObject({ kind: "finished" });
  });

  test("the cap ends a case that waits for ever, and says for what", async () => {
    const { clock, end } = ending();
    clock.advance(CASE_CAP_MS + 200);
    expect(await end()).toMatchObject({ kind: "capped", why: "the first registrations" });
    expect(clock.pending()).toBe(0);
  });

  test("the first end counts, and leaves no timer", async () => {
    const { clock, one, end } = ending();
    one.end({ kind: "interrupted", atMs: 7 });
    one.end({ kind: "target-died", atMs: 8, how: "exit code 1" });
    expect(await end()).toEqual({ kind: "interrupted", atMs: 7 });
    expect(clock.pending()).toBe(0);
  });
});
