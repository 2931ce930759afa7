import type { Branch } from "../../../harness/judge/call-view-branches.ts";
import { isFlowUpAt, type PhoneView } from "../../../harness/judge/call-view-phones.ts";
import { callsOf, type CallView } from "../../../harness/judge/call-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { within } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import { answerOf, later } from "./call-facts.ts";
import { rfc3261 } from "./documents.ts";
import { conclude, fail, notExercised, passUnlessCutShort } from "../verdicts.ts";

// "If a target URI is already present in the set (based on the definition of equality for the URI type), it MUST NOT be added again."
// (RFC 3261, 16.5)
export const oneLiveInvite: Requirement = {
  id: "flow/one-live-invite",
  title: "At most one INVITE of a call is live in a running app",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "16.5",
      "If a target URI is already present in the set (based on the definition of equality for the URI type), it MUST NOT be added again.",
    ),
  ],
  applies: ({ features }) =>
    features.delivery === "parallel" || "the target declares that it holds calls for the wake-up REGISTER",
  judge: (trace) =>
    conclude(callsOf(trace).flatMap((call) => call.phones.map((phone) => judgePhone(trace, call, phone)))),
};

function judgePhone(trace: Trace, call: CallView, phone: PhoneView): Verdict {
  const branches = call.branches.filter(
    (branch) =>
      branch.phone === phone.ref &&
      branch.invite.arrived !== undefined &&
      isFlowUpAt(phone, branch.flow, branch.invite.event),
  );
  for (const [index, second] of branches.entries()) {
    const first = branches.slice(0, index).find((earlier) => isLiveBeside(trace, call, phone, earlier, second));
    if (first === undefined) continue;
    return fail({
      mismatch: "two-live-invites",
      basis: "order",
      expected: `the older INVITE of ${call.ref} at ${phone.ref} is cancelled, final or gone with its flow`,
      actual: "a second INVITE beside it",
      evidence: [first.invite.event, second.invite.event],
    });
  }
  // A phone that was only ever reachable one way had no choice to offer.
  const pushed = call.pushes.find((push) => push.phone === phone.ref && push.accepted);
  const [only] = branches;
  return only === undefined || pushed === undefined
    ? notExercised
    : passUnlessCutShort(trace, [pushed.request, only.invite.event]);
}

function isLiveBeside(trace: Trace, call: CallView, phone: PhoneView, first: Branch, second: Branch): boolean {
  const at = second.invite.event;
  if (!isFlowUpAt(phone, first.flow, at)) return false;
  const ended = [first.final?.event, first.cancels[0]?.event].flatMap((event) => (event === undefined ? [] : [event]));
  if (ended.some((event) => event.seq < at.seq)) return false;
  if (first.flow === second.flow) return true;
  // Over two sockets the CANCEL may be seen after the INVITE it came before; one that only follows the answer comes too late.
  const answered: TraceEvent | undefined = answerOf(call);
  const from = first.provisional?.arrived === undefined ? at : later(at, first.provisional.arrived);
  return !ended.some(
    (event) =>
      (answered === undefined || event.seq < answered.seq) &&
      within(from, event, trace.facts.deadlines.ringStopAfterHangupMs) !== "no",
  );
}
