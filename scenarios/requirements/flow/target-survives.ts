import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import { wasAttempted } from "./call-facts.ts";
import { rfc3261 } from "./documents.ts";
import { fail, notExercised, passUnlessCutShort } from "../verdicts.ts";

// "If a request is accepted, all state changes associated with it MUST be performed. If it is rejected, all state changes MUST NOT be
// performed." (RFC 3261, 8.2): a target that dies of a request does neither.
export const targetSurvives: Requirement = {
  id: "flow/target-survives",
  title: "The target lives through the case",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "8.2",
      "If a request is accepted, all state changes associated with it MUST be performed. If it is rejected, all state changes MUST NOT be performed.",
    ),
  ],
  applies: () => true,
  judge(trace) {
    const exited = eventsOf(trace, "target.exited")[0];
    if (exited !== undefined || trace.end.kind === "target-died") {
      return fail({
        mismatch: "target-died",
        basis: "content",
        expected: "a target that is there when the case ends",
        actual: trace.end.kind === "target-died" ? trace.end.how : `it exited with ${exited?.signal ?? exited?.code}`,
        evidence: [trace.events.findLast(({ by, kind }) => by === "world" && kind === "sip"), exited],
      });
    }
    const call = callsOf(trace).find(wasAttempted);
    return call === undefined ? notExercised : passUnlessCutShort(trace, [call.placed]);
  },
};
