import { clientPhonesOf } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { callId, toTag } from "../../../harness/wire/headers.ts";
import { judgeReaction } from "../app-reaction.ts";
import { rfc3261 } from "../client-documents.ts";
import { conclude, notExercised } from "../verdicts.ts";
import { arrived, cseqNumberOf, isRequest, transmissionsOf } from "./messages-of.ts";
import { transactionsOf } from "./transactions-of.ts";

/** Four times T1: the 2xx is due again after one. */
const limitMs = 2000;

// "The 2xx response is passed to the transport with an interval that starts at T1 seconds and doubles for each retransmission until it
// reaches T2 seconds (T1 and T2 are defined in Section 17)." and "Therefore, it is necessary to periodically pass the response directly
// to the transport until the ACK arrives." (RFC 3261, 13.3.1.4)
export const answerRepeated: Requirement = {
  id: "sip/answer-repeated",
  title: "A 2xx to INVITE is sent again until its ACK arrives, over every transport.",
  level: "must",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc3261(
      "13.3.1.4",
      "Therefore, it is necessary to periodically pass the response directly to the transport until the ACK arrives.",
    ),
    rfc3261(
      "13.3.1.4",
      "The 2xx response is passed to the transport with an interval that starts at T1 seconds and doubles for each retransmission until it reaches T2 seconds (T1 and T2 are defined in Section 17).",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      clientPhonesOf(trace).flatMap((phone) =>
        transactionsOf(trace, "world", "INVITE")
          .filter(({ request }) => request.event.phone === phone.ref)
          .map(({ request, responses }): Verdict => {
            const [first, again] = responses.filter(({ message }) => Math.floor(message.status / 100) === 2);
            if (first === undefined) return notExercised;
            const sameCall = [...transmissionsOf(trace, "world"), ...transmissionsOf(trace, "target")].filter(
              (seen) =>
                isRequest(seen) && callId(seen.message) === callId(request.message) && seen.event.seq > first.event.seq,
            );
            const ack = sameCall.find(
              (seen) =>
                isRequest(seen) &&
                seen.message.method === "ACK" &&
                arrived(seen) &&
                cseqNumberOf(seen) === cseqNumberOf(request) &&
                toTag(seen.message) === toTag(first.message),
            );
            const bye = sameCall.find((seen) => isRequest(seen) && seen.message.method === "BYE");
            return judgeReaction(trace, phone, {
              what: "the 2xx again",
              from: first.event,
              limitMs,
              met: again?.event,
              excuses: [ack?.event, bye?.event],
              missing: "not-repeated",
              expected: "the 2xx again while no ACK comes",
            });
          }),
      ),
    ),
};
