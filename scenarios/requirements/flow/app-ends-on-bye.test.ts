import { describe, expect, test } from "vitest";
import { appEndsOnBye } from "./app-ends-on-bye.ts";
import { call, cancelledCall, inCall, phone, platforms, wholeCall } from "./testing/app-stage.ts";

describe.each(platforms)("flow/app-ends-on-bye on %s", (platform) => {
  test("passes where the call ends on the phone", () => {
    expect(appEndsOnBye.judge(wholeCall(platform).finished()).kind).toBe("pass");
  });

  test("fails where it stays", () => {
    const t = inCall(platform);
    const { request } = t.byeSent(phone, call);
    expect(appEndsOnBye.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "still-up",
      evidence: [request.seq],
    });
    expect(appEndsOnBye.judge(t.capped()).kind).toBe("inconclusive");
  });

  test("asks nothing of a call the phone no longer had, nor of a CANCEL", () => {
    const t = inCall(platform);
    t.endsCall();
    t.byeSent(phone, call);
    expect(appEndsOnBye.judge(t.finished())).toEqual({ kind: "not-exercised" });
    expect(appEndsOnBye.judge(cancelledCall(platform).finished())).toEqual({ kind: "not-exercised" });
  });
});
