import { newestFlow, tokensAt, type PhoneView } from "../../../harness/judge/call-view-phones.ts";
import { callsOf, type CallView } from "../../../harness/judge/call-view.ts";
import type { Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { awaitsPush, endOf, endsOf, pushesFor } from "./call-facts.ts";
import { sameToken } from "./same-token.ts";
import { judgeDemand, notExercised } from "../verdicts.ts";

/** A sleeping phone of the called account gets a push for its newest token in time; not exercised where none is owed. */
export function judgePushTo(
  trace: Trace,
  call: CallView,
  phone: PhoneView,
  mismatch: { readonly missing: string; readonly late: string },
): Verdict {
  if (!awaitsPush(trace, call, phone) || isWakeUpPending(trace, call, phone)) return notExercised;
  return demandPush(trace, call, phone, mismatch);
}

/** The demand alone, for phones that are known to be owed a push. */
export function demandPush(
  trace: Trace,
  call: CallView,
  phone: PhoneView,
  mismatch: { readonly missing: string; readonly late: string },
): Verdict {
  const live = tokensAt(phone, call.placed);
  const token = phone.identity.tokens.findLast((candidate) => live.includes(candidate));
  const push = pushesFor(trace, call, phone).find((candidate) => sameToken(candidate.token, token));
  // A phone that comes back by itself need not be woken any more.
  const cameBack = phone.registrations.find(({ removes, request }) => !removes && request.event.seq > call.placed.seq);
  return judgeDemand(trace, {
    what: `the push to ${phone.ref} after the INVITE of ${call.ref}`,
    from: call.placed,
    limitMs: trace.facts.deadlines.pushAfterInviteMs,
    met: push?.request,
    excuses: [...endsOf(trace, call), cameBack?.request.event],
    ...mismatch,
    expected: `a push for the newest token of ${phone.ref}, which sleeps`,
  });
}

/** An earlier call that is still under way has had a push for this phone accepted: it is being woken already. */
function isWakeUpPending(trace: Trace, call: CallView, phone: PhoneView): boolean {
  const asleepSince = newestFlow(phone, call.placed)?.down?.seq ?? 0;
  return callsOf(trace).some(
    (other) =>
      other.ref !== call.ref &&
      (endOf(other)?.event.seq ?? Infinity) > call.placed.seq &&
      other.pushes.some(
        ({ accepted, phone: to, request }) =>
          accepted && to === phone.ref && request.seq > asleepSince && request.seq < call.placed.seq,
      ),
  );
}
