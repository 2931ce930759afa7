import type { WireFinding } from "./sip-message.ts";

/**
 * Every way in which one message can be wrong by itself, with the document and section that says so.
 * What is missing from a message altogether (a From, a tag) is not here: that depends on what the message is for.
 */
export const wireRules = {
  "bare-line-feed": "RFC 3261 section 7: each line must be terminated by CRLF",
  "control-character": "RFC 3261 section 25.1: TEXT-UTF8char",
  "not-utf8": "RFC 3261 section 7: the charset is UTF-8",
  "no-end-of-headers": "RFC 3261 section 7: the empty line must be present even if there is no body",
  "start-line-whitespace": "RFC 3261 sections 7.1 and 7.2: one SP between the elements of the start line",
  "version-not-2.0": "RFC 3261 section 7.1: implementations must send SIP/2.0",
  "bad-method": "RFC 3261 section 25.1: Method",
  "bad-request-uri": "RFC 3261 section 25.1: Request-URI",
  "request-uri-space": "RFC 3261 section 7.1: the Request-URI must not contain unescaped spaces",
  "request-uri-in-brackets": "RFC 3261 section 7.1: the Request-URI must not be enclosed in <>",
  "request-uri-headers": "RFC 3261 section 19.1.1: headers are not allowed in a Request-URI",
  "bad-status-line": "RFC 3261 section 25.1: Status-Line",
  "status-out-of-range": "RFC 3261 section 7.2: a 3-digit code of six classes",
  "header-without-colon": "RFC 3261 section 7.3.1",
  "bad-header-name": "RFC 3261 section 25.1: header-name is a token",
  "fold-before-colon": "RFC 3261 section 25.1: HCOLON allows no line break before the colon",
  "fold-without-header": "RFC 3261 section 7.3.1: a folded line continues a header field",
  "duplicate-single-header": "RFC 3261 section 7.3.1: several rows only where the value is a comma-separated list",
  "duplicate-parameter": "RFC 3261 section 7.3.1: a parameter name must not appear more than once",
  "content-length-invalid": "RFC 3261 section 20.14",
  "content-length-repeated": "RFC 3261 sections 7.3.1 and 20.14",
  "content-length-too-large": "RFC 3261 section 18.3: the packet ends before the body does",
  "content-length-too-small": "RFC 3261 section 18.3: there are bytes beyond the end of the body",
  "content-type-missing": "RFC 3261 section 20.15: must be present if the body is not empty",
  "cseq-invalid": "RFC 3261 section 25.1: CSeq",
  "cseq-too-large": "RFC 3261 section 8.1.1.5: must be less than 2**31",
  "cseq-method-differs": "RFC 3261 section 8.1.1.5: the method must match that of the request",
  "max-forwards-invalid": "RFC 3261 section 20.22: an integer in the range 0-255",
  "expires-invalid": "RFC 3261 section 20.19: a decimal number of seconds below 2**32",
  "bad-call-id": "RFC 3261 section 25.1: callid",
  "bad-via": "RFC 3261 section 25.1: Via",
  "bad-from": "RFC 3261 section 25.1: From",
  "bad-to": "RFC 3261 section 25.1: To",
  "bad-contact": "RFC 3261 section 25.1: Contact",
  "name-address-unquoted-display-name": "RFC 3261 section 25.1: display-name is tokens or a quoted string",
  "name-address-without-brackets": "RFC 3261 section 20: a URI with a comma, question mark or semicolon must be in <>",
  "contact-param-equals": "RFC 3261 section 25.1: neither pvalue nor gen-value may hold an unquoted =",
} as const satisfies Record<string, string>;

export type WireRule = keyof typeof wireRules;

/** A finding of that rule; `detail` says what stands in the message. */
export function wireFinding(rule: WireRule, detail: string): WireFinding {
  return { rule, detail: shorten(detail), source: wireRules[rule] };
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
