import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { hangUpOf } from "./call-facts.ts";
import { rfc3261 } from "./documents.ts";
import { conclude, judgeDemand, notExercised } from "../verdicts.ts";

// "Each proxy along the path merely forwards each 2xx response to INVITE and its corresponding ACK." (RFC 3261, 17)
export const answerReachesCaller: Requirement = {
  id: "flow/answer-reaches-caller",
  title: "The answer of a phone reaches the caller",
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
      callsOf(trace).flatMap((call) =>
        call.branches.map((branch) => {
          const answered = branch.answer?.arrived;
          const hungUp = hangUpOf(call);
          // Crossings: the caller had cancelled, or the call was already final.
          if (answered === undefined || (hungUp !== undefined && hungUp.seq < answered.seq)) return notExercised;
          if (call.caller.finals.some(({ event }) => event.seq < answered.seq)) return notExercised;
          return judgeDemand(trace, {
            what: `the 2xx of ${branch.phone} at the caller of ${call.ref}`,
            from: answered,
            limitMs: trace.facts.deadlines.ringStopAfterHangupMs,
            met: call.caller.answer?.event,
            excuses: [hungUp],
            missing: "answer-lost",
            expected: `a 2xx at the caller: ${branch.phone} answered`,
          });
        }),
      ),
    ),
};
