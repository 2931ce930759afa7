import { describe, expect, test } from "vitest";
import { judgeTrace } from "../../../harness/judge/judge-trace.ts";
import { flowRequirements } from "./index.ts";
import { cancelledCall, inCall, phone, call, platforms, ringing, stage, wholeCall } from "./testing/app-stage.ts";

const conforming = {
  "answered and hung up by the caller": wholeCall,
  "cancelled while ringing": cancelledCall,
  "hung up by the user": (platform: (typeof platforms)[number]) => {
    const t = inCall(platform);
    t.hangsUpCall();
    t.appHangsUp(phone, call);
    t.endsCall();
    return t;
  },
  "declined by the user": (platform: (typeof platforms)[number]) => {
    const t = ringing(platform);
    t.declinesCall();
    t.appSends(phone, call, 486);
    t.endsCall();
    return t;
  },
};

describe.each(platforms)("flow requirements for apps on %s", (platform) => {
  test.each(Object.entries(conforming))("draw no fail and no doubt from a call that is %s", (_, play) => {
    const verdicts = Object.entries(judgeTrace(play(platform).finished(), flowRequirements));
    expect(verdicts.filter(([, { kind }]) => kind === "fail" || kind === "inconclusive")).toEqual([]);
  });

  test("earn nothing for an app that only says yes", () => {
    const t = stage(platform, { registered: false });
    t.asks(phone, "device.launch");
    t.delivers(phone, call);
    t.asks(phone, platform === "ios" ? "pushRegistry.didReceiveIncomingPush" : "messagingService.onMessageReceived");
    const verdicts = Object.entries(judgeTrace(t.finished(), flowRequirements));
    expect(verdicts.filter(([, { kind }]) => kind === "pass")).toEqual([]);
  });
});
