import { callsOf, type CallView } from "../../../harness/judge/call-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { before } from "../../../harness/trace/query.ts";
import type { Features } from "../../../harness/trace/run-facts.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import { allowedOutcomes, type CallerOutcome, type PhoneOutcome } from "./allowed-outcomes.ts";
import { answerOf, cancelOf, declinesOf, wasAttempted } from "./call-facts.ts";
import { rfc3261 } from "./documents.ts";
import { conclude, fail, inconclusive, notExercised, pass } from "../verdicts.ts";

// "The stateful proxy MUST choose the "best" final response among those received and stored in the response context."
// (RFC 3261, 16.7 step 6)
export const legsAgree: Requirement = {
  id: "flow/legs-agree",
  title: "When all is quiet, the caller's leg and the phones' legs have outcomes that go together",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "16.7",
      'The stateful proxy MUST choose the "best" final response among those received and stored in the response context.',
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(callsOf(trace).map((call) => judgeCall(trace, call))),
};

function judgeCall(trace: Trace, call: CallView): Verdict {
  if (!wasAttempted(call)) return notExercised;
  const { features } = trace.facts;
  const caller = callerOutcome(call);
  const phones = phoneOutcome(call);
  // A 2xx passes a proxy also behind a rejection, and then it is what the caller has.
  const final = (call.caller.answer ?? call.caller.finals[0])?.event;
  const atPhones = lastWordAtPhones(call);
  const evidence = [call.placed, atPhones, final];
  const early = final !== undefined && caller === "answered" && isAnsweredForPhone(call, final, features);
  if (!early && trace.end.kind !== "finished") return inconclusive("the case ended before all was quiet");
  const pair = allowedOutcomes.find(
    (allowed) =>
      allowed.caller === caller &&
      allowed.phones.includes(phones) &&
      (allowed.progress?.includes(features.progress) ?? true) &&
      (allowed.fallback?.includes(features.fallback) ?? true) &&
      (allowed.crossed === undefined || isCrossed(call)),
  );
  if (pair !== undefined && !early) return pass(evidence);
  return fail({
    mismatch: "outcomes-differ",
    basis: early ? "order" : "content",
    expected: `outcomes of ${call.ref} that go together`,
    actual: early
      ? "the caller had its 2xx before any phone had answered"
      : `${caller} for the caller, ${phones} at the phones`,
    evidence,
  });
}

function callerOutcome(call: CallView): CallerOutcome {
  const { answer, rejection } = call.caller;
  if (answer !== undefined) return "answered";
  if (rejection === undefined) return "none";
  return rejection.sip.status === 487 && cancelOf(call) !== undefined ? "cancelled" : "rejected";
}

function phoneOutcome(call: CallView): PhoneOutcome {
  if (answerOf(call) !== undefined) return "answered";
  if (declinesOf(call).length > 0) return "declined";
  const seen = call.branches.filter(({ invite }) => invite.arrived !== undefined);
  if (seen.some(({ final }) => final !== undefined)) return "cancelled";
  return seen.length > 0 ? "unanswered" : "never-invited";
}

function lastWordAtPhones(call: CallView): TraceEvent | undefined {
  return (
    answerOf(call) ??
    call.branches.findLast(({ final }) => final !== undefined)?.final?.event ??
    call.branches.at(-1)?.invite.event
  );
}

/** A 2xx seen before any phone sent one cannot have come from a phone: here the order of the trace is the true one. */
function isAnsweredForPhone(call: CallView, final: TraceEvent, features: Features): boolean {
  if (features.progress === "answers-first" || features.fallback === "divert") return false;
  const answers = call.branches.flatMap(({ answer }) => (answer === undefined ? [] : [answer.event.seq]));
  return answers.every((seq) => seq > final.seq);
}

/** The caller's CANCEL or the target's rejection had left before the phone's 2xx reached the target, or too near it to tell. */
function isCrossed(call: CallView): boolean {
  const answered = answerOf(call);
  const cancelled = cancelOf(call);
  const rejected = call.caller.rejection?.event;
  if (answered === undefined) return false;
  if (cancelled !== undefined && cancelled.seq < answered.seq) return true;
  return rejected !== undefined && before(answered, rejected) !== "yes";
}
