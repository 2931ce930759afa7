import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { cancelOf } from "./call-facts.ts";
import { mayHaveDeadBranch } from "./may-have-dead-branch.ts";
import { onlyDecline } from "./only-decline.ts";
import { conclude, fail, notExercised, pass } from "../verdicts.ts";

/** The caller gets the very status of the only phone's only rejection: with two responses to choose from either may be the best. */
export function judgeDeclineStatus(trace: Trace): Verdict {
  return conclude(
    callsOf(trace).map((call) => {
      const decline = onlyDecline(call);
      const { rejection } = call.caller;
      if (decline?.arrived === undefined || rejection === undefined) return notExercised;
      if (call.branches.length !== 1 || mayHaveDeadBranch(trace, call, decline.arrived)) return notExercised;
      const cancelled = cancelOf(call);
      if (cancelled !== undefined && cancelled.seq < rejection.event.seq) return notExercised;
      const { status } = decline.sip;
      // A lone 503 is passed on as 500 (RFC 3261, 16.7 step 6).
      if (rejection.sip.status === status || (status === 503 && rejection.sip.status === 500))
        return pass([decline.event, rejection.event]);
      return fail({
        mismatch: "status-changed",
        basis: "content",
        expected: `${status}, as the phone sent`,
        actual: `${rejection.sip.status}`,
        evidence: [decline.event, rejection.event],
      });
    }),
  );
}
