import { isFlowUpAt } from "../../../harness/judge/call-view-phones.ts";
import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { answerOf, cancellableFrom, later } from "./call-facts.ts";
import { rfc3261 } from "./documents.ts";
import { flowDownOf } from "./flow-down-of.ts";
import { conclude, judgeDemand, notExercised } from "../verdicts.ts";

// "If the forwarded response was a final response, the proxy MUST generate a CANCEL request for all pending client transactions
// associated with this response context." (RFC 3261, 16.7 step 10)
export const otherDevicesStop: Requirement = {
  id: "flow/other-devices-stop",
  title: "Once one phone answered, the other phones that ring are cancelled",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "16.7",
      "If the forwarded response was a final response, the proxy MUST generate a CANCEL request for all pending client transactions associated with this response context.",
    ),
  ],
  applies: ({ features }) => features.multipleDevices || "the target does not declare several devices per account",
  judge: (trace) =>
    conclude(
      callsOf(trace).flatMap((call) => {
        const answered = answerOf(call);
        const winner = call.branches.find(({ answer }) => answer !== undefined && answer.arrived === answered)?.phone;
        if (answered === undefined || winner === undefined) return [];
        return call.branches
          .filter((branch) => branch.phone !== winner)
          .map((branch) => {
            const cancellable = cancellableFrom(branch);
            const phone = call.phones.find(({ ref }) => ref === branch.phone);
            if (cancellable === undefined || phone === undefined || !isFlowUpAt(phone, branch.flow, answered))
              return notExercised;
            const own = branch.final !== undefined && branch.final.sip.status !== 487 ? branch.final.event : undefined;
            if (own !== undefined && own.seq < answered.seq) return notExercised;
            return judgeDemand(trace, {
              what: `the CANCEL at ${branch.phone} after ${winner} answered`,
              from: later(answered, cancellable),
              limitMs: trace.facts.deadlines.ringStopAfterHangupMs,
              met: branch.cancels[0]?.event,
              excuses: [own, flowDownOf(phone, branch)],
              missing: "other-device-rings-on",
              expected: `a CANCEL at ${branch.phone}, which rings on`,
            });
          });
      }),
    ),
};
