import type { Requirement } from "../../../harness/judge/requirement.ts";
import { callId, cseq, from, header, to, toTag } from "../../../harness/wire/headers.ts";
import type { SipMessage } from "../../../harness/wire/sip-message.ts";
import { judgeTargetBy, type MessageFault, type MessageRule } from "./message-rule.ts";
import { isResponse, messagesOf, type SeenRequest, type SeenResponse } from "./messages-of.ts";
import { sameAddress, sameAddressUri } from "./same-value.ts";
import { rfc3261 } from "./sources.ts";
import { requestsAnsweredBy } from "./transactions-of.ts";

/** From, Call-ID and CSeq of the request; its To, to which a tag may be added where it had none. */
export const responseCopiesRule: MessageRule = (trace, sender) => {
  const answers = messagesOf(trace, sender)
    .filter(isResponse)
    .map((response) => ({ response, requests: requestsAnsweredBy(trace, response, sender) }))
    .filter(({ requests }) => requests.length > 0);
  const faults = answers.flatMap(({ response, requests }): readonly MessageFault[] => {
    // A CANCEL and its INVITE share the branch: the request that fits best is the one that was answered.
    const readings = requests.map((request) => differences(request, response));
    return readings.reduce((fewest, reading) => (reading.length < fewest.length ? reading : fewest));
  });
  return { judged: answers.map(({ response }) => response.event.seq), faults };
};

function differences(request: SeenRequest, response: SeenResponse): readonly MessageFault[] {
  const faults: MessageFault[] = [];
  const differs = (name: string, same: boolean): void => {
    const sent = header(request.message, name);
    const copied = header(response.message, name);
    // What is missing or cannot be read is for other requirements to say.
    if (same || sent === undefined || copied === undefined || sent === copied) return;
    faults.push({
      mismatch: `${name.toLowerCase()}-differs`,
      expected: `${name} of ${request.message.method}: ${sent}`,
      actual: copied,
      evidence: [request.event.seq, response.event.seq],
    });
  };
  differs("CSeq", sameCSeq(request.message, response.message));
  differs("Call-ID", callId(request.message) === callId(response.message));
  differs("From", sameFrom(request.message, response.message));
  differs("To", sameTo(request.message, response.message));
  return faults;
}

function sameCSeq(request: SipMessage, response: SipMessage): boolean {
  const sent = cseq(request);
  const copied = cseq(response);
  return sent?.number === copied?.number && sent?.method === copied?.method;
}

function sameFrom(request: SipMessage, response: SipMessage): boolean {
  const sent = from(request);
  const copied = from(response);
  return sent === undefined || copied === undefined || sameAddress(sent, copied);
}

function sameTo(request: SipMessage, response: SipMessage): boolean {
  const sent = to(request);
  const copied = to(response);
  if (sent === undefined || copied === undefined) return true;
  return toTag(request) === undefined ? sameAddressUri(sent, copied) : sameAddress(sent, copied);
}

// RFC 3261, 8.2.6.2: “The CSeq header field of the response MUST equal the CSeq field of the request.”
// RFC 3261, 8.2.6.2: “If a request contained a To tag in the request, the To header field in the response MUST equal that
// of the request.”
export const responseCopies: Requirement = {
  id: "sip/response-copies",
  title: "Responses copy From, Call-ID, CSeq and To of their request.",
  level: "must",
  origin: "standard",
  role: "both",
  scope: "case",
  sources: [
    rfc3261("8.2.6.2", "The From field of the response MUST equal the From header field of the request."),
    rfc3261("8.2.6.2", "The Call-ID header field of the response MUST equal the Call-ID header field of the request."),
    rfc3261("8.2.6.2", "The CSeq header field of the response MUST equal the CSeq field of the request."),
    rfc3261(
      "8.2.6.2",
      "If a request contained a To tag in the request, the To header field in the response MUST equal that of the request.",
    ),
  ],
  applies: () => true,
  judge: judgeTargetBy(responseCopiesRule),
};
