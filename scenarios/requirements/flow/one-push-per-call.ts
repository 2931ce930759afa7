import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { applePushKit, firebasePriority } from "./documents.ts";
import { furtherPushes } from "./further-pushes.ts";
import { conclude, fail, notExercised, passUnlessCutShort } from "../verdicts.ts";

// "After sending the initial push notification, don’t send additional push notifications to cancel the call or communicate new
// details to your app." (Apple, Responding to VoIP Notifications from PushKit, Respond to Call Hang Ups and Failures)
// "High priority messages on Android are meant for time sensitive, user visible content, and should result in user-facing
// notifications." (Firebase, Set and manage Android message priority)
export const onePushPerCall: Requirement = {
  id: "flow/one-push-per-call",
  title: "A call has at most one accepted push per device token while its phone is waited for",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    applePushKit(
      "Respond to Call Hang Ups and Failures",
      "After sending the initial push notification, don’t send additional push notifications to cancel the call or communicate new details to your app.",
    ),
    firebasePriority(
      "Message handling and deprioritization on Android",
      "High priority messages on Android are meant for time sensitive, user visible content, and should result in user-facing notifications.",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      callsOf(trace).flatMap((call) =>
        call.phones.map((phone) => {
          const { initial, further } = furtherPushes(call, phone);
          if (initial === undefined) return notExercised;
          const second = further.find(({ push, phase }) => push.accepted && phase === "waiting")?.push;
          if (second === undefined) return passUnlessCutShort(trace, [initial.request]);
          return fail({
            mismatch: "pushed-twice",
            basis: "content",
            expected: `one accepted push of ${call.ref} for ${phone.ref}`,
            actual: "the push service took a second one",
            evidence: [initial.request, second.request],
          });
        }),
      ),
    ),
};
