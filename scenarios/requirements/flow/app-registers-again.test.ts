import { describe, expect, test } from "vitest";
import { appRegistersAgain } from "./app-registers-again.ts";
import { phone, stage } from "./testing/app-stage.ts";

function back() {
  const t = stage("ios");
  t.asks(phone, "network.changed", { reachable: false });
  const { request } = t.asks(phone, "network.changed", { reachable: true, interface: "wifi" });
  return { t, told: request };
}

describe("flow/app-registers-again", () => {
  test("passes where the app registers once it is back, or over another interface", () => {
    const { t, told } = back();
    const { request } = t.registers(phone);
    expect(appRegistersAgain.judge(t.finished())).toMatchObject({ kind: "pass", evidence: [told.seq, request.seq] });
    const other = stage("ios");
    other.asks(phone, "network.changed", { reachable: true, interface: "cellular" });
    other.registers(phone);
    expect(appRegistersAgain.judge(other.finished()).kind).toBe("pass");
  });

  test("fails where it does not", () => {
    const { t, told } = back();
    expect(appRegistersAgain.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "no-register",
      evidence: [told.seq],
    });
    expect(appRegistersAgain.judge(t.capped()).kind).toBe("inconclusive");
  });

  test("asks it of a suspended app once it runs", () => {
    const t = stage("ios");
    t.suspends(phone);
    t.asks(phone, "network.changed", { reachable: true, interface: "cellular" });
    expect(appRegistersAgain.judge(t.finished())).toEqual({ kind: "not-exercised" });
    const woken = t.wakes(phone, "user");
    const { request } = t.registers(phone);
    expect(appRegistersAgain.judge(t.finished())).toMatchObject({ kind: "pass", evidence: [woken.seq, request.seq] });
  });

  test("asks nothing of the same network again, of one that is gone, nor of one that goes again", () => {
    const { t } = back();
    t.registers(phone);
    t.asks(phone, "network.changed", { reachable: true, interface: "wifi" });
    t.asks(phone, "network.changed", { reachable: false });
    expect(appRegistersAgain.judge(t.finished()).kind).toBe("pass");
    const brief = back().t;
    brief.asks(phone, "network.changed", { reachable: false });
    expect(appRegistersAgain.judge(brief.finished())).toEqual({ kind: "not-exercised" });
  });
});
