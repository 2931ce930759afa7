import { clientPhonesOf } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { callId, toTag } from "../../../harness/wire/headers.ts";
import { judgeReaction } from "../app-reaction.ts";
import { rfc3261 } from "../client-documents.ts";
import { conclude, notExercised } from "../verdicts.ts";
import { transactionsOf } from "./transactions-of.ts";

// "The UAS MUST still respond to any pending requests received for that dialog." (RFC 3261, 15.1.2, of a BYE)
// "If a UA receives a re-INVITE for an existing dialog, it MUST check any version identifiers in the session description or, if there are
// no version identifiers, the content of the session description to see if it has changed." and "If the session description has changed,
// the UAS MUST adjust the session parameters accordingly, possibly after asking the user for confirmation." (RFC 3261, 14.2)
export const reinviteAnswered: Requirement = {
  id: "sip/reinvite-answered",
  title: "A re-INVITE gets a final response.",
  level: "must",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc3261("15.1.2", "The UAS MUST still respond to any pending requests received for that dialog."),
    rfc3261(
      "14.2",
      "If the session description has changed, the UAS MUST adjust the session parameters accordingly, possibly after asking the user for confirmation.",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      clientPhonesOf(trace).flatMap((phone) =>
        transactionsOf(trace, "world", "INVITE")
          .filter(({ request }) => request.event.phone === phone.ref && toTag(request.message) !== undefined)
          .map(({ request, reached, responses }): Verdict => {
            if (reached === undefined) return notExercised;
            return judgeReaction(trace, phone, {
              what: "the answer to the re-INVITE",
              from: reached.event,
              takesUp: transactionsOf(trace, "world", "INVITE").find(
                (one) => callId(one.request.message) === callId(request.message),
              )?.request.event,
              met: responses.find(({ message }) => message.status >= 200)?.event,
              missing: "not-answered",
              expected: "a final response to the re-INVITE",
            });
          }),
      ),
    ),
};
