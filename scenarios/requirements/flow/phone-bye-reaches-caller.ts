import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { toTag } from "../../../harness/wire/headers.ts";
import { dialogBranches } from "./dialog-branches.ts";
import { rfc3261 } from "./documents.ts";
import { conclude, judgeDemand, notExercised } from "../verdicts.ts";

// "For all new requests, including any with unknown methods, an element intending to proxy the request MUST: [...] 4. Forward the
// request to each target (Section 16.6)" (RFC 3261, 16.2)
export const phoneByeReachesCaller: Requirement = {
  id: "flow/phone-bye-reaches-caller",
  title: "The phone's BYE reaches the caller it talked to",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "16.2",
      "For all new requests, including any with unknown methods, an element intending to proxy the request MUST:",
    ),
    rfc3261("16.2", "Forward the request to each target (Section 16.6)"),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      callsOf(trace).flatMap((call) => {
        const { answer, byesReceived, byesSent } = call.caller;
        if (answer === undefined) return [];
        const talking = dialogBranches(call, toTag(answer.sip));
        // Behind a B2BUA one of two phones that answered at once has no caller to hang up on.
        const [branch] = talking;
        const bye = branch?.byesSent.find(({ request }) => request.arrived !== undefined)?.request.arrived;
        if (branch === undefined || talking.length > 1 || bye === undefined || bye.seq < answer.event.seq) return [];
        const crossed = byesSent[0]?.request.event;
        if (crossed !== undefined && crossed.seq < bye.seq) return [notExercised];
        return [
          judgeDemand(trace, {
            what: `the BYE of ${branch.phone} at the caller of ${call.ref}`,
            from: bye,
            limitMs: trace.facts.deadlines.ringStopAfterHangupMs,
            met: byesReceived[0]?.request.event,
            excuses: [crossed],
            missing: "no-bye",
            expected: `a BYE at the caller: ${branch.phone} hung up`,
          }),
        ];
      }),
    ),
};
