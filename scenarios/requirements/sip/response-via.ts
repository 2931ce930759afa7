import type { Requirement } from "../../../harness/judge/requirement.ts";
import { vias } from "../../../harness/wire/headers.ts";
import type { SipMessage } from "../../../harness/wire/sip-message.ts";
import { judgeTargetBy, type MessageFault, type MessageRule } from "./message-rule.ts";
import { isResponse, messagesOf } from "./messages-of.ts";
import { sameVia } from "./same-value.ts";
import { rfc3261 } from "./sources.ts";
import { requestsAnsweredBy } from "./transactions-of.ts";

/** The Via values of the request, all and in order; `received` and `rport` may be added or filled in. */
export const responseViaRule: MessageRule = (trace, sender) => {
  const answers = messagesOf(trace, sender)
    .filter(isResponse)
    .map((response) => ({ response, requests: requestsAnsweredBy(trace, response, sender) }))
    .filter(({ requests }) => requests.length > 0);
  const faults = answers.flatMap(({ response, requests }): readonly MessageFault[] => {
    const request = requests.at(-1);
    if (request === undefined || requests.some(({ message }) => sameVias(message, response.message))) return [];
    return [
      {
        mismatch: "via-differs",
        expected: `the Via values of ${request.message.method}: ${written(request.message)}`,
        actual: written(response.message),
        evidence: [request.event.seq, response.event.seq],
      },
    ];
  });
  return { judged: answers.map(({ response }) => response.event.seq), faults };
};

function sameVias(request: SipMessage, response: SipMessage): boolean {
  const sent = vias(request);
  const copied = vias(response);
  return (
    sent.length === copied.length &&
    sent.every((via, index) => {
      const copy = copied[index];
      return copy !== undefined && sameVia(via, copy);
    })
  );
}

function written(message: SipMessage): string {
  const values = vias(message).map((via) => via.raw);
  return values.length === 0 ? "none" : values.join(", ");
}

// RFC 3261, 8.2.6.2: “The Via header field values in the response MUST equal the Via header field values in the request and
// MUST maintain the same ordering.”
export const responseVia: Requirement = {
  id: "sip/response-via",
  title: "Responses carry the Via values of their request in the same order.",
  level: "must",
  origin: "standard",
  role: "both",
  scope: "case",
  sources: [
    rfc3261(
      "8.2.6.2",
      "The Via header field values in the response MUST equal the Via header field values in the request and MUST maintain the same ordering.",
    ),
  ],
  applies: () => true,
  judge: judgeTargetBy(responseViaRule),
};
