import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { judgeReaction } from "../app-reaction.ts";
import { appleReference } from "../client-documents.ts";
import { handedPushes, iosOnly, type HandedPush } from "../ios-pushes.ts";
import { conclude, fail } from "../verdicts.ts";

// "The notification’s completion handler. Execute this block when you finish processing the notification."
// (Apple, pushRegistry(_:didReceiveIncomingPushWith:for:completion:))
export const completionOnce: Requirement = {
  id: "pushkit/completion-once",
  title: "The completion handler of every push is called, once",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    appleReference(
      "pushRegistry(_:didReceiveIncomingPushWith:for:completion:)",
      "The notification’s completion handler. Execute this block when you finish processing the notification.",
    ),
  ],
  applies: iosOnly,
  judge: (trace) => conclude(handedPushes(trace).map((push) => judgePush(trace, push))),
};

function judgePush(trace: Trace, push: HandedPush): Verdict {
  const [first, second] = push.completions;
  if (second !== undefined) {
    return fail({
      mismatch: "completed-again",
      basis: "content",
      expected: `the completion handler of ${push.id} called once`,
      actual: `called ${push.completions.length} times`,
      evidence: [push.handed, first, second],
    });
  }
  return judgeReaction(trace, push.on, {
    what: `the completion of ${push.id}`,
    from: push.returned ?? push.handed,
    met: first,
    missing: "never-completed",
    expected: `the completion handler of ${push.id} called`,
    overNetwork: false,
  });
}
