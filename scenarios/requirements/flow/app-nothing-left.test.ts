import { describe, expect, test } from "vitest";
import { appNothingLeft } from "./app-nothing-left.ts";
import { call, cancelledCall, inCall, phone, platforms, ringing, stage, wholeCall } from "./testing/app-stage.ts";

describe.each(platforms)("flow/app-nothing-left on %s", (platform) => {
  test("passes where both have it, or neither", () => {
    expect(appNothingLeft.judge(wholeCall(platform).finished()).kind).toBe("pass");
    expect(appNothingLeft.judge(cancelledCall(platform).finished()).kind).toBe("pass");
    expect(appNothingLeft.judge(inCall(platform).finished()).kind).toBe("pass");
    expect(appNothingLeft.judge(inCall(platform).capped()).kind).toBe("inconclusive");
  });

  test("fails for a call that is only on the phone", () => {
    const t = inCall(platform);
    t.hangsUpCall();
    t.appHangsUp(phone, call);
    const verdict = appNothingLeft.judge(t.finished());
    expect(verdict).toMatchObject({ kind: "fail", mismatch: "ghost-call" });
    expect(verdict.kind === "fail" && verdict.evidence.at(-1)).toBe(t.last("user.hung-up").seq);
  });

  test("fails for a call that only SIP has", () => {
    const t = inCall(platform);
    t.endsCall();
    expect(appNothingLeft.judge(t.finished())).toMatchObject({ kind: "fail", mismatch: "silent-call" });
  });

  test("asks for no BYE of a phone without a network", () => {
    const t = inCall(platform);
    t.asks(phone, "network.changed", { reachable: false });
    t.endsCall();
    expect(appNothingLeft.judge(t.finished()).kind).toBe("pass");
  });

  test("does not look for calls of a process that ended, and is not exercised without a call on the phone", () => {
    const t = ringing(platform);
    t.cancelSent(phone, call);
    t.terminates(phone);
    expect(appNothingLeft.judge(t.finished()).kind).toBe("pass");
    const killed = inCall(platform);
    killed.terminates(phone, "ended by the system");
    killed.endsCall();
    expect(appNothingLeft.judge(killed.finished()).kind).toBe("pass");
    expect(appNothingLeft.judge(stage(platform).finished())).toEqual({ kind: "not-exercised" });
  });
});
