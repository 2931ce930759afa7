import { isReportedEnd, type IosCall } from "../../harness/judge/client-view-ios.ts";
import type { ClientPhone } from "../../harness/judge/client-view.ts";
import type { Verdict } from "../../harness/judge/requirement.ts";
import type { CallEndedReason } from "../../harness/trace/ios-event.ts";
import type { Trace } from "../../harness/trace/trace.ts";
import { judgeReaction } from "./app-reaction.ts";
import { fail, notExercised } from "./verdicts.ts";

export interface EndInTurn {
  /** Names the end in margins and doubts. */
  readonly what: string;
  /** Those that fit; absent: any, and however the app ended it. */
  readonly reasons?: readonly CallEndedReason[];
}

/** A call that had to be reported and is none: the app ends it again at once, with a reason that fits. */
export function judgeEndInTurn(trace: Trace, phone: ClientPhone, call: IosCall, { what, reasons }: EndInTurn): Verdict {
  const { ended } = call;
  const expected = `the call reported ended ${reasons === undefined ? "" : reasons.join(" or ")}`.trim();
  const userActs = call.actions.filter(({ performed }) => performed.asker === "user").map(({ performed }) => performed);
  // What the user did with it meanwhile decides how it ends, and so does the end of the app.
  const first = userActs[0];
  if (first !== undefined && (ended === undefined || first.seq < ended.event.seq)) return notExercised;
  if (ended?.why === "reset" || ended?.why === "app-terminated") return notExercised;
  const verdict = judgeReaction(trace, phone, {
    what,
    from: call.since,
    met: ended?.event,
    missing: "left-ringing",
    expected,
    overNetwork: false,
  });
  if (verdict.kind !== "pass" || ended === undefined || reasons === undefined) return verdict;
  if (isReportedEnd(ended.why) && reasons.includes(ended.why)) return verdict;
  return fail({
    mismatch: "wrong-reason",
    basis: "content",
    expected,
    actual: ended.why === "ended" ? "ended by an end action" : `reported ended ${ended.why}`,
    evidence: [call.since, ended.event],
  });
}
