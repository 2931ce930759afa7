import { isFlowUpAt } from "../../../harness/judge/call-view-phones.ts";
import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { cancellableFrom, cancelOf, later } from "./call-facts.ts";
import { rfc3261 } from "./documents.ts";
import { flowDownOf } from "./flow-down-of.ts";
import { conclude, judgeDemand, notExercised } from "../verdicts.ts";

// "A proxy MUST cancel any pending client transactions associated with a response context when it receives a matching CANCEL request."
// (RFC 3261, 16.10)
export const hangUpReachesPhone: Requirement = {
  id: "flow/hang-up-reaches-phone",
  title: "The caller's CANCEL reaches a phone that has the INVITE",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "16.10",
      "A proxy MUST cancel any pending client transactions associated with a response context when it receives a matching CANCEL request.",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      callsOf(trace).flatMap((call) => {
        const cancelled = cancelOf(call);
        // A CANCEL has no effect on a call that already is final (RFC 3261, 9.2).
        if (cancelled === undefined || call.caller.finals.some(({ event }) => event.seq < cancelled.seq)) return [];
        return call.branches
          .filter(({ invite }) => invite.event.seq < cancelled.seq)
          .map((branch) => {
            const phone = call.phones.find(({ ref }) => ref === branch.phone);
            const cancellable = cancellableFrom(branch);
            if (phone === undefined || cancellable === undefined || !isFlowUpAt(phone, branch.flow, cancelled))
              return notExercised;
            const own = branch.final !== undefined && branch.final.sip.status !== 487 ? branch.final.event : undefined;
            if (own !== undefined && own.seq < cancelled.seq) return notExercised;
            const earlier = branch.cancels.find(({ event }) => event.seq < cancelled.seq);
            if (earlier !== undefined) return notExercised;
            return judgeDemand(trace, {
              what: `the CANCEL at ${branch.phone} after the caller hung up`,
              from: later(cancelled, cancellable),
              limitMs: trace.facts.deadlines.ringStopAfterHangupMs,
              met: branch.cancels[0]?.event,
              excuses: [own, flowDownOf(phone, branch)],
              missing: "no-cancel-at-phone",
              late: "cancel-late",
              expected: `a CANCEL of ${call.ref} at ${branch.phone}`,
            });
          });
      }),
    ),
};
