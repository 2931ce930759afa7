import { bindingsAt, isUpAt } from "../../../harness/judge/call-view-phones.ts";
import { callsOf, type CallView } from "../../../harness/judge/call-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { hangUpOf } from "./call-facts.ts";
import { cameBack } from "./came-back.ts";
import { rfc3261 } from "./documents.ts";
import { conclude, judgeDemand, notExercised } from "../verdicts.ts";

// "If there are no final responses in the context, the proxy MUST send a 408 (Request Timeout) response to the server transaction."
// (RFC 3261, 16.7 step 6)
export const noWakeFinalResponse: Requirement = {
  id: "flow/no-wake-final-response",
  title: "A call to a phone that never wakes gets its final response in bounded time",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "16.7",
      "If there are no final responses in the context, the proxy MUST send a 408 (Request Timeout) response to the server transaction.",
    ),
  ],
  applies: ({ features }) => features.fallback === "none" || "the target declares that it diverts calls nobody answers",
  judge: (trace) => conclude(callsOf(trace).map((call) => judgeCall(trace, call))),
};

function judgeCall(trace: Trace, call: CallView): Verdict {
  const nobodyThere =
    call.phones.every((phone) => !isUpAt(phone, call.placed)) &&
    call.phones.some((phone) => bindingsAt(phone, call.placed).length > 0);
  const pushed = call.pushes.some(({ accepted }) => accepted);
  if (!nobodyThere || !pushed || call.caller.answer !== undefined) return notExercised;
  const excuses = [hangUpOf(call), cameBack(call)];
  const final = call.caller.rejection?.event;
  // A rejection that a phone or the caller brought about says nothing of a phone that never wakes.
  if (excuses.some((event) => event !== undefined && event.seq < (final?.seq ?? Infinity))) return notExercised;
  return judgeDemand(trace, {
    what: `the final response to ${call.ref}, whose phone never woke,`,
    from: call.placed,
    limitMs: trace.facts.deadlines.finalResponseMs,
    met: final,
    missing: "no-final-response",
    expected: "a final response to the caller: no phone ever woke",
  });
}
