import { callsOf } from "../../../harness/judge/call-view.ts";
import { valueIn } from "../../../harness/judge/call-view-pushes.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { applePushKit } from "./documents.ts";
import { platformOf } from "./platform-of.ts";
import { conclude, fail, pass } from "../verdicts.ts";

// "For example, include the unique call identifier that your server uses to track the call."
// (Apple, Responding to VoIP Notifications from PushKit, Generate Push Notifications from Your Server)
export const pushCarriesCallId: Requirement = {
  id: "flow/push-carries-call-id",
  title: "A push for a call names the call in its payload",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    applePushKit(
      "Generate Push Notifications from Your Server",
      "For example, include the unique call identifier that your server uses to track the call.",
    ),
  ],
  applies: ({ profile: { id, payload } }) =>
    payload.callId !== undefined || payload.callUUID !== undefined || `the profile ${id} has no place for a call id`,
  judge(trace) {
    const { callId, callUUID } = trace.facts.profile.payload;
    const pushes = callsOf(trace).flatMap((call) => call.pushes);
    return conclude(
      pushes
        .filter(({ payload }) => payload !== undefined)
        .map((push) => {
          const values = [callId, callUUID].map((pointer) => valueIn(push, pointer, platformOf(trace, push)));
          if (values.some((value) => (typeof value === "string" && value !== "") || typeof value === "number"))
            return pass([push.request]);
          return fail({
            mismatch: "no-call-id",
            basis: "content",
            expected: `a call id at ${[callId, callUUID].flatMap((pointer) => (pointer === undefined ? [] : [JSON.stringify(pointer)])).join(" or ")}`,
            actual: `payload ${JSON.stringify(push.payload).slice(0, 300)}`,
            evidence: [push.request],
          });
        }),
    );
  },
};
