import { isFlowUpAt, newestFlow, type PhoneView } from "../../../harness/judge/call-view-phones.ts";
import { callsOf, type CallView } from "../../../harness/judge/call-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { awaitsPush, endsOf, pushesFor } from "./call-facts.ts";
import { siprix } from "./documents.ts";
import { conclude, judgeDemand, notExercised } from "../verdicts.ts";

// "When token found - PBX should send push notification to that client, wait a bit (let client to receive message and restore/refresh
// registration) and only after that forward INVITErequest or report error."
// (Siprix, CallKit-PushKit iOS, Configure sending push notification on SIP Server (PBX) side)
export const inviteAfterRegister: Requirement = {
  id: "flow/invite-after-register",
  title: "The INVITE reaches a phone soon after its wake-up REGISTER was accepted",
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
  const wakeUp = phone.registrations.find(
    ({ removes, accepted, request }) => !removes && accepted !== undefined && request.event.seq > call.placed.seq,
  );
  if (wakeUp?.accepted === undefined) return notExercised;
  const accepted = wakeUp.accepted.event;
  const pushed = pushesFor(trace, call, phone).some(({ request }) => request.seq < wakeUp.request.event.seq);
  if (!pushed && !awaitsPush(trace, call, phone)) return notExercised;
  const here = call.branches.filter((branch) => branch.phone === phone.ref);
  const ringsAlready = here.some(
    ({ flow, invite }) => invite.event.seq < wakeUp.request.event.seq && isFlowUpAt(phone, flow, wakeUp.request.event),
  );
  if (ringsAlready) return notExercised;
  const { rejection } = call.caller;
  return judgeDemand(trace, {
    what: `the INVITE at ${phone.ref} after its wake-up REGISTER`,
    from: accepted,
    limitMs: trace.facts.deadlines.inviteAfterRegisterMs,
    met: here.find(({ invite }) => invite.event.seq > wakeUp.request.event.seq)?.invite.event,
    excuses: [
      ...endsOf(trace, call),
      // A call that was given up before is judged where it was given up.
      rejection !== undefined && rejection.event.seq < wakeUp.request.event.seq ? rejection.event : undefined,
      newestFlow(phone, accepted)?.down,
      phone.registrations.find(({ removes, request }) => removes && request.event.seq > accepted.seq)?.request.event,
    ],
    missing: "no-invite",
    late: "invite-late",
    expected: `the INVITE of ${call.ref} at ${phone.ref}, whose wake-up REGISTER had been accepted`,
  });
}
