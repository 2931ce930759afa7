import type { Verdict } from "../../../harness/judge/requirement.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import type { EventOf, TraceEvent } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";

function isApnsPush(event: TraceEvent): event is EventOf<"push.request"> {
  return event.kind === "push.request" && event.service === "apns";
}

/**
 * The judge of a requirement that the push service's own rule table decides: no finding of that rule about a push of this
 * trace. The first finding is the verdict; without a push nothing was exercised.
 */
export function noFinding(rule: string): (trace: Trace) => Verdict {
  return (trace) => {
    const pushes = new Set(trace.events.filter(isApnsPush).map((event) => event.seq));
    if (pushes.size === 0) return { kind: "not-exercised" };
    for (const event of trace.events) {
      if (event.kind !== "finding" || event.rule !== rule || !pushes.has(event.about)) continue;
      return {
        kind: "fail",
        mismatch: event.mismatch,
        basis: "content",
        expected: event.expected,
        actual: event.actual,
        evidence: [event.seq, event.about],
      };
    }
    return { kind: "pass", evidence: [...pushes] };
  };
}

/** The rules of APNs bind servers that push to iPhones. */
export function pushesToApns(facts: RunFacts): true | string {
  return facts.features.platforms.includes("ios") || "the target declares no ios platform";
}
