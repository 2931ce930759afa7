import { describe, expect, test } from "vitest";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import { voidTokenWithdrawn } from "./void-token-withdrawn.ts";
import { app, phone, tellsToken } from "./testing/app-ladder.ts";

function voided() {
  const t = app();
  tellsToken(t);
  t.registers(phone);
  const { request } = t.asks(phone, "pushRegistry.didInvalidatePushToken", { type: "voip" });
  return { t, told: request };
}

describe("sip/void-token-withdrawn", () => {
  test("passes where the app registers without the token", () => {
    const { t, told } = voided();
    const { request } = t.registers(phone, { token: null });
    expect(voidTokenWithdrawn.judge(t.finished())).toMatchObject({ kind: "pass", evidence: [told.seq, request.seq] });
  });

  test("fails where the binding with it stays", () => {
    const { t, told } = voided();
    expect(voidTokenWithdrawn.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "still-registered",
      evidence: [told.seq],
    });
    t.registers(phone);
    expect(voidTokenWithdrawn.judge(t.finished())).toMatchObject({ mismatch: "still-registered" });
  });

  test("asks nothing where the registrar refuses, or nothing was bound", () => {
    const { t } = voided();
    t.registers(phone, { token: null, status: 503 });
    expect(voidTokenWithdrawn.judge(t.finished())).toEqual({ kind: "not-exercised" });
    const unbound = app();
    unbound.asks(phone, "pushRegistry.didInvalidatePushToken", { type: "voip" });
    expect(voidTokenWithdrawn.judge(unbound.finished())).toEqual({ kind: "not-exercised" });
  });

  test("is inconclusive where the case was cut short, and applies to iOS", () => {
    expect(voidTokenWithdrawn.judge(voided().t.capped()).kind).toBe("inconclusive");
    expect(voidTokenWithdrawn.applies(testFacts({ features: { platforms: ["android"] } }))).toBeTypeOf("string");
  });
});
