import { describe, expect, test } from "vitest";
import { destroyedAfterDisconnect } from "./destroyed-after-disconnect.ts";
import { android, call, cancelledCall, phone, ringing } from "./testing/android-ladder.ts";

describe("telecom/destroyed-after-disconnect", () => {
  test("passes for the two in their order", () => {
    expect(destroyedAfterDisconnect.judge(cancelledCall().finished()).kind).toBe("pass");
  });

  test("fails for destroy alone, or first", () => {
    const t = ringing();
    const destroyed = t.destroys(phone, call, { disconnected: false });
    const verdict = destroyedAfterDisconnect.judge(t.finished());
    expect(verdict).toMatchObject({ kind: "fail", mismatch: "destroyed-first", basis: "order" });
    expect(verdict.kind === "fail" && verdict.evidence.at(-1)).toBe(destroyed.seq);
  });

  test("fails where it is never destroyed", () => {
    const t = ringing();
    const state = t.moves(phone, call, "DISCONNECTED", { disconnectCause: "MISSED" });
    expect(destroyedAfterDisconnect.judge(t.finished())).toMatchObject({
      mismatch: "never-destroyed",
      evidence: [state.seq],
    });
    expect(destroyedAfterDisconnect.judge(t.capped()).kind).toBe("inconclusive");
  });

  test("is not exercised by a call that goes on, and applies to a ConnectionService", () => {
    expect(destroyedAfterDisconnect.judge(ringing().finished())).toEqual({ kind: "not-exercised" });
    expect(destroyedAfterDisconnect.applies(android({ app: { telecom: "core" } }).facts)).toBeTypeOf("string");
    expect(destroyedAfterDisconnect.applies(android({ app: { telecom: "none" } }).facts)).toBeTypeOf("string");
    expect(destroyedAfterDisconnect.applies(android({ app: { telecom: "managed" } }).facts)).toBe(true);
  });
});
