import type { Requirement } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { callId, cseq, toTag } from "../../../harness/wire/headers.ts";
import { judgeTargetBy, type MessageFault, type MessageRule } from "./message-rule.ts";
import {
  branchOf,
  cseqNumberOf,
  isRequest,
  isResponse,
  messagesOf,
  other,
  transmissionsOf,
  type Sender,
  type SeenRequest,
} from "./messages-of.ts";
import { rfc3261 } from "./sources.ts";

/**
 * One branch, one transaction. A CANCEL and the ACK of a final response >= 300 share their INVITE's; the ACK of a 2xx is no
 * transaction, but must not pass for one either.
 */
export const branchUniqueRule: MessageRule = (trace, sender) => {
  const owners = new Map<string, SeenRequest>();
  const judged: number[] = [];
  const faults: MessageFault[] = [];
  for (const seen of messagesOf(trace, sender).filter(isRequest)) {
    const branch = branchOf(seen);
    if (branch === undefined || seen.message.method === "CANCEL") continue;
    const owner = owners.get(branch);
    if (seen.message.method === "ACK") {
      if (owner === undefined || !acknowledgesSuccess(trace, sender, seen)) continue;
    } else if (owner === undefined) {
      owners.set(branch, seen);
      judged.push(seen.event.seq);
      continue;
    } else if (sameTransaction(owner, seen)) continue;
    faults.push({
      mismatch: "branch-reused",
      expected: "a branch of its own for every transaction",
      actual: `branch ${branch} of ${named(owner)} again in ${named(seen)}`,
      evidence: [owner.event.seq, seen.event.seq],
    });
  }
  return { judged, faults };
};

/** Sent again over the same flow, if need be with other bytes (a timestamp, say): still that transaction. */
function sameTransaction(a: SeenRequest, b: SeenRequest): boolean {
  return (
    a.event.flow === b.event.flow &&
    a.message.method === b.message.method &&
    a.message.uri === b.message.uri &&
    callId(a.message) === callId(b.message) &&
    cseqNumberOf(a) === cseqNumberOf(b)
  );
}

function acknowledgesSuccess(trace: Trace, sender: Sender, ack: SeenRequest): boolean {
  return transmissionsOf(trace, other(sender)).some(
    (seen) =>
      isResponse(seen) &&
      Math.floor(seen.message.status / 100) === 2 &&
      cseq(seen.message)?.method === "INVITE" &&
      callId(seen.message) === callId(ack.message) &&
      cseqNumberOf(seen) === cseqNumberOf(ack) &&
      toTag(seen.message) === toTag(ack.message),
  );
}

function named({ event, message }: SeenRequest): string {
  return `${message.method} (event ${event.seq})`;
}

// RFC 3261, 8.1.1.7: “The branch parameter value MUST be unique across space and time for all requests sent by the UA. The
// exceptions to this rule are CANCEL and ACK for non-2xx responses.”
// RFC 3261, 16.6: “This implies that the proxy will compute its own branch parameter, which will be globally unique for
// that branch, and contain the requisite magic cookie.”
export const branchUnique: Requirement = {
  id: "sip/branch-unique",
  title: "One Via branch stands for one transaction.",
  level: "must",
  origin: "standard",
  role: "both",
  scope: "case",
  sources: [
    rfc3261(
      "8.1.1.7",
      "The branch parameter value MUST be unique across space and time for all requests sent by the UA. The exceptions to this rule are CANCEL and ACK for non-2xx responses.",
    ),
    rfc3261(
      "16.6",
      "This implies that the proxy will compute its own branch parameter, which will be globally unique for that branch, and contain the requisite magic cookie.",
    ),
  ],
  applies: () => true,
  judge: judgeTargetBy(branchUniqueRule),
};
