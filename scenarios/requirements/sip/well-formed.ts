import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import { sipOf } from "../../../harness/trace/sip-of.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { judgeTargetBy, type MessageFault, type MessageRule } from "./message-rule.ts";
import { messagesOf } from "./messages-of.ts";
import { rfc3261 } from "./sources.ts";

// RFC 3261, 7: “The start-line, each message-header line, and the empty line MUST be terminated by a carriage-return
// line-feed sequence (CRLF).”
// RFC 3261, 7.3.1: “Each header field consists of a field name followed by a colon (":") and the field value.”
export const wellFormed: Requirement = {
  id: "sip/well-formed",
  title: "Every message keeps to the grammar of SIP.",
  level: "must",
  origin: "standard",
  role: "both",
  scope: "case",
  sources: [
    rfc3261(
      "7",
      "The start-line, each message-header line, and the empty line MUST be terminated by a carriage-return line-feed sequence (CRLF).",
    ),
    rfc3261("7.3.1", 'Each header field consists of a field name followed by a colon (":") and the field value.'),
  ],
  applies: () => true,
  judge,
};

/** No finding of the wire layer in a message. */
export const wellFormedRule: MessageRule = (trace, sender) => {
  const messages = messagesOf(trace, sender);
  const faults = messages.flatMap(({ event, message }) =>
    message.findings.map((finding): MessageFault => ({
      mismatch: finding.rule,
      expected: finding.source,
      actual: finding.detail,
      evidence: [event.seq],
    })),
  );
  return { judged: messages.map(({ event }) => event.seq), faults };
};

function judge(trace: Trace): Verdict {
  const verdict = judgeTargetBy(wellFormedRule)(trace);
  if (verdict.kind === "fail") return verdict;
  const [noMessage] = unreadable(trace);
  return noMessage === undefined ? verdict : { kind: "fail", basis: "content", ...noMessage };
}

/** What the target sent that is no SIP message at all, keep-alives aside. */
function unreadable(trace: Trace): readonly MessageFault[] {
  const datagrams = eventsOf(trace, "sip").flatMap((event) => {
    const message = sipOf(event);
    return event.by === "target" && message.kind === "not-sip" && !isKeepAlive(event.bytes)
      ? [{ seq: event.seq, why: message.why }]
      : [];
  });
  const garbage = eventsOf(trace, "flow.garbage").filter((event) => event.by === "target" && !isKeepAlive(event.bytes));
  return [...datagrams, ...garbage].map(({ seq, why }) => ({
    mismatch: "not-sip",
    expected: "a SIP message",
    actual: why,
    evidence: [seq],
  }));
}

/** Line ends (RFC 5626, 3.5.1) and the zero bytes that some servers send to keep a NAT binding open. */
function isKeepAlive(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x0d || byte === 0x0a || byte === 0);
}
