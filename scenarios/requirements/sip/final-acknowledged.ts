import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { answeredWithin, closedAfter } from "./answered-within.ts";
import { arrived, branchOf, isRequest, transmissionsOf, type SeenResponse } from "./messages-of.ts";
import { rfc3261 } from "./sources.ts";
import { transactionsOf, type Transaction } from "./transactions-of.ts";
import { worstOf } from "./worst-of.ts";

/** Twice T1 (RFC 3261, 17.1.1.1): the response was sent again by then, and once more acknowledged. */
const limitMs = 1000;

// RFC 3261, 17.1.1.2: “The client transaction MUST pass the received response up to the TU, and the client transaction MUST
// generate an ACK request, even if the transport is reliable (guidelines for constructing the ACK from the response are
// given in Section 17.1.1.3) and then pass the ACK to the transport layer for transmission.”
export const finalAcknowledged: Requirement = {
  id: "sip/final-acknowledged",
  title: "A phone's final response of 300 or above is acknowledged within 1 s.",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "17.1.1.2",
      "The client transaction MUST pass the received response up to the TU, and the client transaction MUST generate an ACK request, even if the transport is reliable (guidelines for constructing the ACK from the response are given in Section 17.1.1.3) and then pass the ACK to the transport layer for transmission.",
    ),
    rfc3261(
      "17.1.1.3",
      "The ACK MUST contain a single Via header field, and this MUST be equal to the top Via header field of the original request.",
    ),
  ],
  applies: () => true,
  judge,
};

function judge(trace: Trace): Verdict {
  return worstOf(
    transactionsOf(trace, "target", "INVITE").flatMap((invite) => {
      const final = invite.responses.find(
        (response) =>
          response.message.status >= 300 && arrived(response) && response.event.flow === invite.request.event.flow,
      );
      return final === undefined ? [] : acknowledged(trace, invite, final);
    }),
  );
}

function acknowledged(trace: Trace, invite: Transaction, final: SeenResponse): readonly Verdict[] {
  const ack = transmissionsOf(trace, "target").find(
    (seen) =>
      isRequest(seen) &&
      seen.message.method === "ACK" &&
      seen.event.flow === final.event.flow &&
      seen.event.seq > final.event.seq &&
      branchOf(seen) === branchOf(invite.request),
  );
  if (ack === undefined && closedAfter(trace, final.event, limitMs)) return [];
  return [
    answeredWithin(trace, {
      after: final.event,
      answer: ack?.event,
      limitMs,
      what: `an ACK of ${final.message.status} on the INVITE's branch`,
      mismatch: "no-ack",
    }),
  ];
}
