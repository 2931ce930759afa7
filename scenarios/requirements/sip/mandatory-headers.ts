import type { Requirement } from "../../../harness/judge/requirement.ts";
import { header } from "../../../harness/wire/headers.ts";
import { judgeTargetBy, type MessageFault, type MessageRule } from "./message-rule.ts";
import { messagesOf } from "./messages-of.ts";
import { rfc3261 } from "./sources.ts";

const ofResponses = ["From", "To", "Call-ID", "CSeq", "Via"] as const;
const ofRequests = [...ofResponses, "Max-Forwards"] as const;

/** The header fields of section 8.1.1 in requests, of section 8.2.6.2 in responses. */
export const mandatoryHeadersRule: MessageRule = (trace, sender) => {
  const messages = messagesOf(trace, sender);
  const faults = messages.flatMap(({ event, message }) => {
    const names = message.kind === "request" ? ofRequests : ofResponses;
    return names
      .filter((name) => header(message, name) === undefined)
      .map((name): MessageFault => ({
        mismatch: `missing-${name.toLowerCase()}`,
        expected: `a ${name} header field in every ${message.kind}`,
        actual: `none in ${message.kind === "request" ? message.method : `the ${message.status} response`}`,
        evidence: [event.seq],
      }));
  });
  return { judged: messages.map(({ event }) => event.seq), faults };
};

// RFC 3261, 8.1.1: “A valid SIP request formulated by a UAC MUST, at a minimum, contain the following header fields: To,
// From, CSeq, Call-ID, Max-Forwards, and Via; all of these header fields are mandatory in all SIP requests.”
// RFC 3261, 8.2.6.2: “The From field of the response MUST equal the From header field of the request. The Call-ID header
// field of the response MUST equal the Call-ID header field of the request. The CSeq header field of the response MUST
// equal the CSeq field of the request.”
export const mandatoryHeaders: Requirement = {
  id: "sip/mandatory-headers",
  title: "Every message carries the header fields that are mandatory in it.",
  level: "must",
  origin: "standard",
  role: "both",
  scope: "case",
  sources: [
    rfc3261(
      "8.1.1",
      "A valid SIP request formulated by a UAC MUST, at a minimum, contain the following header fields: To, From, CSeq, Call-ID, Max-Forwards, and Via; all of these header fields are mandatory in all SIP requests.",
    ),
    rfc3261(
      "8.2.6.2",
      "The From field of the response MUST equal the From header field of the request. The Call-ID header field of the response MUST equal the Call-ID header field of the request. The CSeq header field of the response MUST equal the CSeq field of the request.",
    ),
  ],
  applies: () => true,
  judge: judgeTargetBy(mandatoryHeadersRule),
};
