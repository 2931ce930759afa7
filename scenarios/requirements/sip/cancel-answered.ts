import { messagesOf, responsesTo } from "../../../harness/judge/call-view-messages.ts";
import { clientPhonesOf } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { judgeReaction } from "../app-reaction.ts";
import { rfc3261 } from "../client-documents.ts";
import { conclude, fail, notExercised } from "../verdicts.ts";

// "Regardless of the method of the original request, as long as the CANCEL matched an existing transaction, the UAS answers the CANCEL
// request itself with a 200 (OK) response." and "If the original request was an INVITE, the UAS SHOULD immediately respond to the INVITE
// with a 487 (Request Terminated)." (RFC 3261, 9.2)
export const cancelAnswered: Requirement = {
  id: "sip/cancel-answered",
  title: "A CANCEL is answered 200, and its INVITE is ended.",
  level: "must",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc3261(
      "9.2",
      "Regardless of the method of the original request, as long as the CANCEL matched an existing transaction, the UAS answers the CANCEL request itself with a 200 (OK) response.",
    ),
    rfc3261(
      "9.2",
      "If the original request was an INVITE, the UAS SHOULD immediately respond to the INVITE with a 487 (Request Terminated).",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      clientPhonesOf(trace).flatMap((phone) =>
        phone.legs.flatMap(({ invite, cancels, final }): readonly Verdict[] => {
          const cancel = cancels[0];
          const arrived = cancel?.arrived;
          if (cancel === undefined || arrived === undefined || invite.arrived === undefined) return [notExercised];
          const wasFinal = final !== undefined && final.event.seq < arrived.seq;
          const answer = responsesTo(cancel, messagesOf(trace)).find(({ sip }) => sip.status >= 200);
          const answered = judgeReaction(trace, phone, {
            what: "the answer to the CANCEL",
            from: arrived,
            takesUp: invite.arrived,
            met: answer?.event,
            missing: "cancel-unanswered",
            expected: "200 to the CANCEL",
          });
          // A transaction that is over need not be matched any more.
          if (answer !== undefined && answer.sip.status >= 300 && !wasFinal) {
            return [
              fail({
                mismatch: "cancel-unanswered",
                basis: "content",
                expected: "200 to the CANCEL",
                actual: `${answer.sip.status} ${answer.sip.reason}`,
                evidence: [arrived, answer.event],
              }),
            ];
          }
          if (wasFinal) return [answered];
          return [
            answered,
            judgeReaction(trace, phone, {
              what: "the final response to the INVITE that was cancelled",
              from: arrived,
              takesUp: invite.arrived,
              met: final?.event,
              missing: "no-487",
              expected: "487 to the INVITE, or the answer that crossed the CANCEL",
            }),
          ];
        }),
      ),
    ),
};
