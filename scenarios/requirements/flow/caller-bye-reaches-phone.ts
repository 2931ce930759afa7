import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { toTag } from "../../../harness/wire/headers.ts";
import { dialogBranches } from "./dialog-branches.ts";
import { rfc3261 } from "./documents.ts";
import { flowDownOf } from "./flow-down-of.ts";
import { conclude, judgeDemand, notExercised } from "../verdicts.ts";

// "For all new requests, including any with unknown methods, an element intending to proxy the request MUST: [...] 4. Forward the
// request to each target (Section 16.6)" (RFC 3261, 16.2)
export const callerByeReachesPhone: Requirement = {
  id: "flow/caller-bye-reaches-phone",
  title: "The caller's BYE reaches the phone it talked to",
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
      callsOf(trace).flatMap((call) =>
        call.caller.byesSent.flatMap(({ request: bye }) => {
          const from = bye.arrived;
          if (from === undefined) return [];
          return dialogBranches(call, toTag(bye.sip)).map((branch) => {
            const phone = call.phones.find(({ ref }) => ref === branch.phone);
            if (phone === undefined || (branch.answer?.event.seq ?? Infinity) > from.seq) return notExercised;
            return judgeDemand(trace, {
              what: `the caller's BYE at ${branch.phone}`,
              from,
              limitMs: trace.facts.deadlines.ringStopAfterHangupMs,
              met: branch.byesReceived[0]?.request.event,
              // Both sides may hang up at once.
              excuses: [branch.byesSent[0]?.request.event, flowDownOf(phone, branch)],
              missing: "no-bye",
              expected: `a BYE of ${call.ref} at ${branch.phone}`,
            });
          });
        }),
      ),
    ),
};
