import { valueIn } from "../../../harness/judge/call-view-pushes.ts";
import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { offersVideo } from "../../../harness/wire/sdp.ts";
import { signalWire } from "./documents.ts";
import { platformOf } from "./platform-of.ts";
import { conclude, fail, pass } from "../verdicts.ts";

// "Indicates whether the call includes video" (SignalWire, Push Notifications, Payload)
export const pushVideoFlag: Requirement = {
  id: "flow/push-video-flag",
  title: "The push says video exactly when the caller offers video",
  level: "should",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [signalWire("Payload", "Indicates whether the call includes video")],
  applies({ features, profile: { id, payload } }) {
    if (!features.video) return "the target does not declare video";
    return payload.video !== undefined || `the profile ${id} has no place for a video flag`;
  },
  judge(trace) {
    const pointer = trace.facts.profile.payload.video;
    return conclude(
      callsOf(trace).flatMap((call) => {
        const offered = offersVideo(call.caller.invite.sip.body);
        return call.pushes
          .filter(({ payload }) => payload !== undefined)
          .map((push) => {
            const value = valueIn(push, pointer, platformOf(trace, push));
            // Payloads of strings only write the flag as one; a payload without it says no video.
            const said = value === true || value === "true";
            if (said === offered) return pass([push.request]);
            return fail({
              mismatch: "video-flag-differs",
              basis: "content",
              expected: `${offered}: the caller's session description ${offered ? "offers" : "does not offer"} video`,
              actual: JSON.stringify(value) ?? "no flag",
              evidence: [call.caller.invite.event, push.request],
            });
          });
      }),
    );
  },
};
