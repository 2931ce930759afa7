import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { toTag } from "../../../harness/wire/headers.ts";
import { dialogBranches } from "./dialog-branches.ts";
import { rfc3261 } from "./documents.ts";
import { flowDownOf } from "./flow-down-of.ts";
import { conclude, judgeDemand, notExercised } from "../verdicts.ts";

// "Each proxy along the path merely forwards each 2xx response to INVITE and its corresponding ACK." (RFC 3261, 17)
export const ackReachesPhone: Requirement = {
  id: "flow/ack-reaches-phone",
  title: "After the caller's ACK the phone gets an ACK for its answer",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261("17", "Each proxy along the path merely forwards each 2xx response to INVITE and its corresponding ACK."),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      callsOf(trace).flatMap((call) => {
        const { answer, acks } = call.caller;
        const ack = acks.find(
          ({ arrived, event }) => arrived !== undefined && answer !== undefined && event.seq > answer.event.seq,
        );
        if (ack?.arrived === undefined) return [];
        const from = ack.arrived;
        return dialogBranches(call, toTag(ack.sip)).map((branch) => {
          const phone = call.phones.find(({ ref }) => ref === branch.phone);
          if (phone === undefined || (branch.answer?.event.seq ?? Infinity) > from.seq) return notExercised;
          return judgeDemand(trace, {
            what: `the ACK at ${branch.phone}`,
            from,
            limitMs: trace.facts.deadlines.ringStopAfterHangupMs,
            met: branch.acks.find(({ event }) => event.seq > (branch.answer?.event.seq ?? 0))?.event,
            excuses: [flowDownOf(phone, branch)],
            missing: "no-ack",
            expected: `an ACK at ${branch.phone} for its 2xx`,
          });
        });
      }),
    ),
};
