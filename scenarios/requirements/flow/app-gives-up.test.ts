import { describe, expect, test } from "vitest";
import { appGivesUp } from "./app-gives-up.ts";
import { call, phone, platforms, stage, wholeCall } from "./testing/app-stage.ts";

function lonely(platform: (typeof platforms)[number]) {
  const t = stage(platform);
  t.pushRings();
  t.registers(phone);
  return t;
}

describe.each(platforms)("flow/app-gives-up on %s", (platform) => {
  test("passes where the call ends in time", () => {
    const t = lonely(platform);
    t.endsCall(call, { afterMs: 20_000 });
    expect(appGivesUp.judge(t.finished())).toMatchObject({ kind: "pass", margins: [{ limitMs: 35_000 }] });
  });

  test("fails where it ends late, or never", () => {
    const late = lonely(platform);
    late.endsCall(call, { afterMs: 40_000 });
    expect(appGivesUp.judge(late.finished())).toMatchObject({
      kind: "fail",
      mismatch: "never-ended",
      basis: "deadline",
    });
    const never = lonely(platform);
    never.event("harness", "harness", { kind: "step.played", action: "nothing" }, { afterMs: 40_000 });
    expect(appGivesUp.judge(never.finished())).toMatchObject({ mismatch: "never-ended" });
  });

  test("is inconclusive where the case ended before", () => {
    expect(appGivesUp.judge(lonely(platform).finished()).kind).toBe("inconclusive");
  });

  test("asks nothing where the INVITE came, the app was not registered, or its process ended", () => {
    expect(appGivesUp.judge(wholeCall(platform).finished())).toEqual({ kind: "not-exercised" });
    const unregistered = stage(platform, { registered: false });
    unregistered.launches(phone);
    unregistered.pushRings();
    expect(appGivesUp.judge(unregistered.finished())).toEqual({ kind: "not-exercised" });
    const killed = lonely(platform);
    killed.terminates(phone);
    expect(appGivesUp.judge(killed.finished())).toEqual({ kind: "not-exercised" });
  });
});
