import type { Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { EventOf, TraceEvent } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";

/** The id of a rule of a push service's own rule table, which is the requirement's id too; its area is the service. */
export type PushRule = `${"apns" | "fcm"}/${string}`;

/**
 * The judge of a requirement that the push service's own rule table decides: no finding of that rule about a push of this
 * case. The first finding is the verdict; without a push through that service nothing was exercised.
 */
export function noFinding(rule: PushRule): (trace: Trace) => Verdict {
  return (trace) => {
    const pushes = new Set(pushesThrough(serviceOf(rule), trace).map(({ seq }) => seq));
    return verdictOn(
      eventsOf(trace, "finding").find((event) => event.rule === rule && pushes.has(event.about)),
      [...pushes],
    );
  };
}

/**
 * The same for a whole run: no finding of that rule about a connection to the service or about what came over it. What the
 * rule is about is what exercises it; by default each push through the service.
 */
export function noFindingInRun(
  rule: PushRule,
  isExercisedBy: (event: TraceEvent) => boolean = isPushThrough(serviceOf(rule)),
): (trace: Trace) => Verdict {
  return (trace) =>
    verdictOn(
      eventsOf(trace, "finding").find((event) => event.rule === rule),
      trace.events.filter(isExercisedBy).map(({ seq }) => seq),
    );
}

/** The pushes of a trace that came in through one service, in order. */
export function pushesThrough(service: "apns" | "fcm", trace: Trace): readonly EventOf<"push.request">[] {
  return eventsOf(trace, "push.request").filter(isPushThrough(service));
}

function isPushThrough(service: "apns" | "fcm"): (event: TraceEvent) => boolean {
  return (event) => event.kind === "push.request" && event.service === service;
}

function serviceOf(rule: PushRule): "apns" | "fcm" {
  return rule.startsWith("apns/") ? "apns" : "fcm";
}

function verdictOn(finding: EventOf<"finding"> | undefined, exercisedBy: readonly number[]): Verdict {
  if (finding !== undefined) {
    const { mismatch, expected, actual, seq, about } = finding;
    return { kind: "fail", mismatch, basis: "content", expected, actual, evidence: [seq, about] };
  }
  return exercisedBy.length === 0 ? { kind: "not-exercised" } : { kind: "pass", evidence: exercisedBy };
}
