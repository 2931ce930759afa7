import { iosPhoneOf } from "../../../harness/judge/client-view-ios.ts";
import { remoteEndOf } from "../../../harness/judge/client-view-legs.ts";
import { firstOf } from "../../../harness/judge/client-view-order.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { judgeReaction } from "../app-reaction.ts";
import { appleReference } from "../client-documents.ts";
import { handedPushes, iosOnly, reportsFor, type HandedPush } from "../ios-pushes.ts";
import { conclude, fail, notExercised, passUnlessCutShort } from "../verdicts.ts";

// "A boolean indicating whether a VoIP app must report a call or live conversation in response to receiving this VoIP notification."
// (Apple, PKVoIPPushMetadata.mustReport): false where the call may no longer be viable, so the INVITE decides.
export const notObligedSilent: Requirement = {
  id: "pushkit/not-obliged-silent",
  title: "A push that need not be reported does not ring before its INVITE, and then it does",
  level: "should",
  origin: "house",
  role: "client",
  scope: "case",
  sources: [
    appleReference(
      "PKVoIPPushMetadata.mustReport",
      "A boolean indicating whether a VoIP app must report a call or live conversation in response to receiving this VoIP notification.",
    ),
  ],
  applies: iosOnly,
  judge: (trace) =>
    conclude(
      handedPushes(trace)
        .filter(({ handed, reading }) => handed.told === false && !reading.isMalformed)
        .map((push) => judgePush(trace, push)),
    ),
};

function judgePush(trace: Trace, push: HandedPush): Verdict {
  const { calls, reports } = iosPhoneOf(trace, push.phone);
  const legs = push.on.legs.filter(({ call }) => call !== undefined && call === push.call);
  const invite = firstOf(legs.map(({ invite: { arrived } }) => arrived));
  const isOfCall = (call: string | undefined) => call !== undefined && call === push.call;
  if (calls.some(({ call, since }) => isOfCall(call) && since.seq < push.handed.seq)) return notExercised;
  if (invite === undefined || invite.seq > push.handed.seq) {
    const outcomes = reportsFor(trace, push).map(({ outcome }) => outcome);
    const own = firstOf([...outcomes, ...calls.filter(({ call }) => isOfCall(call)).map(({ since }) => since)]);
    if (own?.kind === "ringing.shown" && own.seq < (invite?.seq ?? Infinity)) {
      return fail({
        mismatch: "rang-for-push",
        basis: "order",
        expected: `nothing rings for ${push.id}, which need not be reported, before its INVITE`,
        actual: `the phone rings ${Math.round(own.atMs - push.handed.atMs)} ms after the push`,
        evidence: [push.handed, own],
      });
    }
  }
  if (invite === undefined) return passUnlessCutShort(trace, [push.handed]);
  return judgeReaction(trace, push.on, {
    what: `the report of ${push.call} after its INVITE`,
    from: invite,
    met: reports.find(({ call, request }) => isOfCall(call) && request.event.seq > invite.seq)?.request.event,
    excuses: [remoteEndOf(legs)?.event, ...legs.map(({ final }) => final?.event)],
    missing: "never-rang",
    expected: `${push.call} rings once its INVITE has come`,
    overNetwork: false,
  });
}
