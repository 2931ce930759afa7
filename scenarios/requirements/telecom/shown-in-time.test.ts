import { describe, expect, test } from "vitest";
import { shownInTime } from "./shown-in-time.ts";
import { android, call, phone, wholeCall } from "./testing/android-ladder.ts";

describe("telecom/shown-in-time", () => {
  test.each(["self-managed", "core", "none"] as const)("passes where the phone rings, with telecom %s", (telecom) => {
    expect(shownInTime.judge(wholeCall({ app: { telecom } }).finished())).toMatchObject({
      kind: "pass",
      margins: [{ limitMs: 10_000 }],
    });
  });

  test("passes for a push of a call that rings already", () => {
    const t = android();
    t.inviteSent(phone, call);
    t.adds(phone, call);
    t.posts(phone, call);
    t.messageReturns(t.message(phone, call));
    expect(shownInTime.judge(t.finished()).kind).toBe("pass");
  });

  test("fails where nothing is shown, or only in the shade without a call", () => {
    const t = android();
    const message = t.message(phone, call);
    t.messageReturns(message);
    expect(shownInTime.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "not-shown",
      evidence: [message.handed.seq],
    });
    t.posts(phone, call, { actions: [], style: "none" });
    expect(shownInTime.judge(t.finished())).toMatchObject({ mismatch: "not-shown" });
  });

  test("fails where it is shown too late", () => {
    const t = android();
    const message = t.message(phone, call, { forMs: 3000 });
    t.posts(phone, call, { afterMs: 4000 });
    const ring = t.finished().events.findLast(({ kind }) => kind === "ringing.shown");
    expect(shownInTime.judge(t.finished())).toMatchObject({
      mismatch: "shown-late",
      evidence: [message.handed.seq, ring?.seq],
    });
  });

  test("asks nothing of a message of normal priority, without a key, of a call that is over, or that Telecom refused", () => {
    const normal = android();
    normal.message(phone, call, { priority: "normal" });
    expect(shownInTime.judge(normal.finished())).toEqual({ kind: "not-exercised" });
    const keyless = android();
    keyless.message(phone, call, { payload: { hello: "world" } });
    expect(shownInTime.judge(keyless.finished())).toEqual({ kind: "not-exercised" });
    const over = android();
    over.inviteSent(phone, call);
    over.cancelSent(phone, call);
    over.message(phone, call);
    expect(shownInTime.judge(over.finished())).toEqual({ kind: "not-exercised" });
    const refused = android();
    refused.message(phone, call);
    refused.isRefused(phone, call);
    expect(shownInTime.judge(refused.finished())).toEqual({ kind: "not-exercised" });
    expect(shownInTime.judge(android().finished())).toEqual({ kind: "not-exercised" });
  });

  test("asks nothing of an app that ends the call because its REGISTER was refused", () => {
    const ended = (status: number) => {
      const t = android({ registered: false });
      t.launches(phone, "push");
      const message = t.message(phone, call);
      t.adds(phone, call);
      t.registers(phone, { status });
      t.moves(phone, call, "DISCONNECTED", { disconnectCause: "ERROR" });
      t.messageReturns(message);
      return shownInTime.judge(t.finished()).kind;
    };
    expect([ended(403), ended(200)]).toEqual(["not-exercised", "fail"]);
  });

  test("is inconclusive where the case was cut short", () => {
    const t = android();
    t.message(phone, call);
    expect(shownInTime.judge(t.capped()).kind).toBe("inconclusive");
  });
});
