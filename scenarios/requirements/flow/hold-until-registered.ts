import { isFlowUpAt, type PhoneView } from "../../../harness/judge/call-view-phones.ts";
import { callsOf, type CallView } from "../../../harness/judge/call-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { awaitsPush, pushesFor } from "./call-facts.ts";
import { siprix } from "./documents.ts";
import { conclude, fail, notExercised, passUnlessCutShort } from "../verdicts.ts";

// "When token found - PBX should send push notification to that client, wait a bit (let client to receive message and restore/refresh
// registration) and only after that forward INVITErequest or report error."
// (Siprix, CallKit-PushKit iOS, Configure sending push notification on SIP Server (PBX) side)
export const holdUntilRegistered: Requirement = {
  id: "flow/hold-until-registered",
  title: "A sleeping phone gets no INVITE before its wake-up REGISTER",
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
  applies({ features: { delivery, transports } }) {
    if (delivery !== "hold") return "the target declares that it sends INVITEs to old contacts at once";
    return transports.includes("udp") || "a connection that is gone cannot show an INVITE to the phone that slept";
  },
  judge: (trace) =>
    conclude(callsOf(trace).flatMap((call) => call.phones.map((phone) => judgePhone(trace, call, phone)))),
};

function judgePhone(trace: Trace, call: CallView, phone: PhoneView): Verdict {
  if (!awaitsPush(trace, call, phone)) return notExercised;
  const pushes = pushesFor(trace, call, phone);
  const woken = phone.registrations.find(({ removes, request }) => !removes && request.event.seq > call.placed.seq)
    ?.request.event;
  // What was seen before we sent the REGISTER was sent before it arrived: here seq is the true order.
  const early = call.branches.find(
    ({ phone: at, invite }) => at === phone.ref && invite.event.seq < (woken?.seq ?? Infinity),
  )?.invite.event;
  // When every push was refused nothing is left to wait for.
  const hopeless =
    early !== undefined &&
    pushes.length > 0 &&
    pushes.every(({ refused, response, reset }) => refused && (response ?? reset ?? early).seq < early.seq);
  if (early !== undefined && !hopeless) {
    return fail({
      mismatch: "invite-before-register",
      basis: "order",
      expected: `no INVITE at ${phone.ref} before its wake-up REGISTER`,
      actual: woken === undefined ? "an INVITE, and no REGISTER ever" : "an INVITE before it",
      evidence: woken === undefined ? [call.placed, early] : [call.placed, woken, early],
    });
  }
  const push = pushes.find(({ accepted }) => accepted);
  // A closed socket cannot tell whether an INVITE came.
  const couldSee = phone.flows.some(
    ({ down }) => down?.kind === "flow.silenced" && !isFlowUpAt(phone, down.flow, call.placed),
  );
  return push === undefined || !couldSee ? notExercised : passUnlessCutShort(trace, [call.placed, push.request, woken]);
}
