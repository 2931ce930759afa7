import { clientPhonesOf, type ClientPhone } from "../../../harness/judge/client-view.ts";
import { messagesOf, responsesTo } from "../../../harness/judge/call-view-messages.ts";
import { isConnectedAt } from "../../../harness/judge/call-view-phones.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { judgeReaction } from "../app-reaction.ts";
import { rfc8599, siprix } from "../client-documents.ts";
import { conclude, notExercised, pass } from "../verdicts.ts";
import { isRfc8599 } from "./push-fields.ts";

// "When a UA receives a push notification, the UA MUST send a binding-refresh REGISTER request" (RFC 8599, 4.1.3)
// "Library is able to detect app state changes and automatically restores registration when app become foreground (received push
// notif)." (Siprix, CallKit-PushKit iOS)
export const refreshAfterPush: Requirement = {
  id: "sip/refresh-after-push",
  title: "A push leads to a REGISTER at once, under RFC 8599 also where the app is registered.",
  level: "must",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc8599("4.1.3", "When a UA receives a push notification, the UA MUST send a binding-refresh REGISTER request"),
    siprix(
      "Handle push notification on app side",
      "Library is able to detect app state changes and automatically restores registration when app become foreground (received push notif).",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      clientPhonesOf(trace).flatMap((phone) =>
        phone.pushes.map(({ handed }) => {
          if (handed === undefined) return notExercised;
          if (!isRfc8599(trace.facts.profile) && isConnectedAt(phone, handed)) return pass([handed]);
          return judgeReaction(trace, phone, {
            what: "the REGISTER after the push",
            from: handed,
            met: registerAfter(trace, phone, handed),
            missing: "no-register",
            expected: "a REGISTER once the push was handed over",
          });
        }),
      ),
    ),
};

/** How long a REGISTER may wait for its answer: 64 times T1 (RFC 3261, 17.1.2.2, Timer F). */
const registerTimeoutMs = 32_000;

/** The first REGISTER after the push, or one that still waited for its answer: no new one may be sent before that (RFC 3261, 10.2). */
function registerAfter(trace: Trace, phone: ClientPhone, handed: TraceEvent): TraceEvent | undefined {
  const registers = phone.registrations.filter(({ removes }) => !removes).map(({ request }) => request);
  const next = registers.find(({ event }) => event.seq > handed.seq);
  if (next !== undefined) return next.event;
  return registers.findLast((request) => {
    const answer = responsesTo(request, messagesOf(trace)).find(({ sip }) => sip.status >= 200);
    const waits =
      answer === undefined ? handed.atMs - request.event.atMs < registerTimeoutMs : answer.event.seq > handed.seq;
    return request.event.seq < handed.seq && waits;
  })?.event;
}
