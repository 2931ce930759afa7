import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { SOCKET_ORDER_TOLERANCE_MS } from "../../../harness/trace/query.ts";
import { toTag } from "../../../harness/wire/headers.ts";
import { cancelOf } from "./call-facts.ts";
import { rfc3261 } from "./documents.ts";
import { conclude, judgeDemand, notExercised } from "../verdicts.ts";

// "Until a final response has been sent on the server transaction, the following responses MUST be forwarded immediately: - Any
// provisional response other than 100 (Trying)" (RFC 3261, 16.7 step 5)
export const ringingReachesCaller: Requirement = {
  id: "flow/ringing-reaches-caller",
  title: "A proxy lets the caller hear that the phone rings",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "16.7",
      "Until a final response has been sent on the server transaction, the following responses MUST be forwarded immediately: - Any provisional response other than 100 (Trying)",
    ),
  ],
  applies({ features }) {
    if (features.kind !== "proxy") return "the target is no proxy";
    return features.progress === "end-to-end" || "the target declares progress of its own";
  },
  judge: (trace) =>
    conclude(
      callsOf(trace).flatMap((call) =>
        call.branches.map((branch) => {
          const ringing = branch.ringing?.arrived;
          if (ringing === undefined) return notExercised;
          const final = call.caller.finals[0]?.event;
          const relayed = call.caller.responses.find(
            ({ sip, event }) =>
              sip.status === 180 &&
              (final === undefined || event.seq < final.seq) &&
              (event.seq > ringing.seq || toTag(sip) === branch.tag),
          );
          // Nothing is owed once the call was ended, or ended while the 180 was still on its way.
          const ends = [final, cancelOf(call)];
          if (
            relayed === undefined &&
            ends.some((end) => end !== undefined && end.atMs - ringing.atMs <= SOCKET_ORDER_TOLERANCE_MS)
          )
            return notExercised;
          const limitMs = trace.facts.deadlines.ringStopAfterHangupMs;
          return judgeDemand(trace, {
            what: `the 180 of ${branch.phone} at the caller of ${call.ref}`,
            from: ringing,
            limitMs,
            met: relayed?.event,
            missing: "no-ringing",
            expected: `180 at the caller: ${branch.phone} rings`,
          });
        }),
      ),
    ),
};
