import type { Requirement } from "../../../harness/judge/requirement.ts";
import { callId, fromTag, toTag } from "../../../harness/wire/headers.ts";
import { judgeTargetBy, type MessageFault, type MessageRule } from "./message-rule.ts";
import { branchOf, cseqNumberOf, isRequest, messagesOf, type SeenRequest } from "./messages-of.ts";
import { rfc3261 } from "./sources.ts";

/** Requests of one side within one dialog, from the one that set it up, have rising CSeq numbers; ACK and CANCEL apart. */
export const cseqInDialogRule: MessageRule = (trace, sender) => {
  const earlier = new Map<string, SeenRequest[]>();
  const judged: number[] = [];
  const faults: MessageFault[] = [];
  for (const seen of messagesOf(trace, sender).filter(isRequest)) {
    const { event, message } = seen;
    const number = cseqNumberOf(seen);
    if (message.method === "ACK" || message.method === "CANCEL" || number === undefined) continue;
    // One INVITE can set up several dialogs (a fork): they share it and differ in the To tag.
    const leg = [event.phone ?? event.flow, callId(message), fromTag(message)].join(" ");
    const before = (earlier.get(leg) ?? []).filter(
      (request) => branchOf(request) !== branchOf(seen) && [undefined, toTag(message)].includes(toTag(request.message)),
    );
    const highest = before.toSorted((a, b) => (cseqNumberOf(a) ?? 0) - (cseqNumberOf(b) ?? 0)).at(-1);
    earlier.set(leg, [...(earlier.get(leg) ?? []), seen]);
    if (highest === undefined || toTag(message) === undefined) continue;
    judged.push(event.seq);
    if (number > (cseqNumberOf(highest) ?? 0)) continue;
    faults.push({
      mismatch: "cseq-not-rising",
      expected: `a CSeq number above ${cseqNumberOf(highest)}, that of ${highest.message.method}`,
      actual: `CSeq ${number} in ${message.method}`,
      evidence: [highest.event.seq, event.seq],
    });
  }
  return { judged, faults };
};

// RFC 3261, 12.2.1.1: “Requests within a dialog MUST contain strictly monotonically increasing and contiguous CSeq sequence
// numbers (increasing-by-one) in each direction (excepting ACK and CANCEL of course, whose numbers equal the requests being
// acknowledged or cancelled).”
export const cseqInDialog: Requirement = {
  id: "sip/cseq-in-dialog",
  title: "An end point's requests within a dialog have rising CSeq numbers.",
  level: "must",
  origin: "standard",
  role: "both",
  scope: "case",
  sources: [
    rfc3261(
      "12.2.1.1",
      "Requests within a dialog MUST contain strictly monotonically increasing and contiguous CSeq sequence numbers (increasing-by-one) in each direction (excepting ACK and CANCEL of course, whose numbers equal the requests being acknowledged or cancelled).",
    ),
  ],
  applies: ({ role, features }) =>
    role === "client" || features.kind === "b2bua" || "the target declares itself a proxy",
  judge: judgeTargetBy(cseqInDialogRule),
};
