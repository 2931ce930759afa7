import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { callId, from, header, to } from "../../../harness/wire/headers.ts";
import type { NameAddress, SipRequest } from "../../../harness/wire/sip-message.ts";
import { forwardedInvites, type ForwardedInvite } from "./forwarded-invites.ts";
import { judgeTargetBy, type MessageFault } from "./message-rule.ts";
import { cseqNumberOf } from "./messages-of.ts";
import { proxiesOnly } from "./proxies-only.ts";
import { sameAddress } from "./same-value.ts";
import { rfc3261 } from "./sources.ts";

// RFC 3261, 16.6: “The copy MUST initially contain all of the header fields from the received request. Fields not detailed
// in the processing described below MUST NOT be removed.”
// RFC 3261, 16.6: “The proxy MUST NOT add to, modify, or remove the message body.”
export const proxyKeepsRequest: Requirement = {
  id: "sip/proxy-keeps-request",
  title: "A proxy leaves From, To, Call-ID, CSeq and body of the INVITE as they were.",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "16.6",
      "The copy MUST initially contain all of the header fields from the received request. Fields not detailed in the processing described below MUST NOT be removed.",
    ),
    rfc3261("16.6", "The proxy MUST NOT add to, modify, or remove the message body."),
  ],
  applies: proxiesOnly,
  judge,
};

function judge(trace: Trace): Verdict {
  return judgeTargetBy(() => {
    const invites = forwardedInvites(trace);
    return {
      judged: invites.map(({ forwarded }) => forwarded.event.seq),
      faults: invites.flatMap((invite) => changes(invite)),
    };
  })(trace);
}

function changes({ received, forwarded }: ForwardedInvite): readonly MessageFault[] {
  const a = received.message;
  const b = forwarded.message;
  const fault = (what: string, read: (message: SipRequest) => string): MessageFault => ({
    mismatch: `${what}-changed`,
    expected: read(a),
    actual: read(b),
    evidence: [received.event.seq, forwarded.event.seq],
  });
  const field = (name: string) => (message: SipRequest) => `${name}: ${header(message, name) ?? "none"}`;
  return [
    ...(sameField(from(a), from(b)) ? [] : [fault("from", field("From"))]),
    ...(callId(a) === callId(b) ? [] : [fault("call-id", field("Call-ID"))]),
    ...(Buffer.compare(a.body, b.body) === 0
      ? []
      : [
          fault("body", ({ body }) => `a body of ${body.length} bytes, ${new TextDecoder().decode(body).slice(0, 80)}`),
        ]),
    ...(sameField(to(a), to(b)) ? [] : [fault("to", field("To"))]),
    ...(cseqNumberOf(received) === cseqNumberOf(forwarded) ? [] : [fault("cseq", field("CSeq"))]),
  ];
}

/** What is missing is for sip/mandatory-headers to say, what cannot be read for sip/well-formed. */
function sameField(a: NameAddress | undefined, b: NameAddress | undefined): boolean {
  return a === undefined || b === undefined || sameAddress(a, b);
}
