import { callsOf, type CallView } from "../../../harness/judge/call-view.ts";
import type { PhoneView } from "../../../harness/judge/call-view-phones.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { within } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { awaitsPush, declinesOf, hangUpOf, pushesFor } from "./call-facts.ts";
import { siprix } from "./documents.ts";
import { conclude, fail, notExercised, pass } from "../verdicts.ts";

// "When token found - PBX should send push notification to that client, wait a bit (let client to receive message and restore/refresh
// registration) and only after that forward INVITErequest or report error."
// (Siprix, CallKit-PushKit iOS, Configure sending push notification on SIP Server (PBX) side)
export const deadBranchKeepsCall: Requirement = {
  id: "flow/dead-branch-keeps-call",
  title: "No dead contact ends the call while a phone is being woken",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    siprix(
      "Configure sending push notification on SIP Server (PBX) side",
      "When token found - PBX should send push notification to that client, wait a bit (let client to receive message and restore/refresh registration) and only after that forward INVITErequest or report error.",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(callsOf(trace).flatMap((call) => call.phones.map((phone) => judgePhone(trace, call, phone)))),
};

function judgePhone(trace: Trace, call: CallView, phone: PhoneView): Verdict {
  if (!awaitsPush(trace, call, phone)) return notExercised;
  const push = pushesFor(trace, call, phone).find(({ accepted }) => accepted);
  const woken = phone.registrations.find(({ removes, request }) => !removes && request.event.seq > call.placed.seq)
    ?.request.event;
  if (push?.response === undefined || woken === undefined || woken.seq < push.response.seq) return notExercised;
  if (within(call.placed, woken, trace.facts.deadlines.inviteWaitMs.min) !== "yes") return notExercised;
  const { rejection, answer } = call.caller;
  const ended = (answer ?? rejection)?.event;
  if (ended === undefined || ended.seq > woken.seq) {
    const hungUp = hangUpOf(call);
    return hungUp !== undefined && hungUp.seq < woken.seq ? notExercised : pass([push.request, woken]);
  }
  const excused =
    answer !== undefined ||
    rejection === undefined ||
    (hangUpOf(call)?.seq ?? Infinity) < rejection.event.seq ||
    declinesOf(call).some(({ event }) => event.seq < rejection.event.seq);
  if (excused) return notExercised;
  return fail({
    mismatch: "dead-branch-ended-call",
    basis: "order",
    expected: `the call goes on until ${phone.ref}, whose push was accepted, had ${trace.facts.deadlines.inviteWaitMs.min} ms to come back`,
    actual: `${rejection.sip.status} to the caller before its REGISTER`,
    evidence: [push.request, woken, rejection.event],
  });
}
