import { clientPhonesOf } from "../../../harness/judge/client-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { judgeReaction } from "../app-reaction.ts";
import { appleReference, firebaseSample } from "../client-documents.ts";
import { conclude } from "../verdicts.ts";
import { carriesToken } from "./push-fields.ts";
import { handedTokens } from "./push-tokens.ts";

// "The system calls this method when it receives new credentials (including a push token) for the specified push type." and "A unique
// device token to use when sending push notifications to the current device." (Apple, PushKit reference)
// "If you want to send messages to this application instance or manage this apps subscriptions on the server side, send the FCM
// registration token to your app server." (Firebase)
export const newTokenRegistered: Requirement = {
  id: "sip/new-token-registered",
  title: "A new push token is registered at once.",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    appleReference(
      "pushRegistry(_:didUpdate:for:)",
      "The system calls this method when it receives new credentials (including a push token) for the specified push type.",
    ),
    firebaseSample(
      "onNewToken",
      "If you want to send messages to this application instance or manage this apps subscriptions on the server side, send the FCM registration token to your app server.",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      clientPhonesOf(trace).flatMap((phone) => {
        const handed = handedTokens(trace, phone).filter(({ isNew }) => isNew);
        return handed.map(({ token, event }, index) =>
          judgeReaction(trace, phone, {
            what: "the REGISTER with the new token",
            from: event,
            met: phone.registrations.find(
              ({ request, removes }) =>
                !removes && request.event.seq > event.seq && carriesToken(trace.facts.profile, token, request.sip),
            )?.request.event,
            excuses: [handed[index + 1]?.event],
            missing: "not-registered",
            expected: "a REGISTER with the token the app was just told",
          }),
        );
      }),
    ),
};
