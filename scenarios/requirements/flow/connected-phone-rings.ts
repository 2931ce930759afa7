import { isConnectedAt, newestFlow, type PhoneView } from "../../../harness/judge/call-view-phones.ts";
import { callsOf, type CallView } from "../../../harness/judge/call-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { within } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { endsOf, pushesFor } from "./call-facts.ts";
import { applePushKit } from "./documents.ts";
import { conclude, judgeDemand, notExercised } from "../verdicts.ts";

// "If the recipient’s app is running and has an active connection with the server, communicate directly with the app using your
// existing connection." (Apple, Responding to VoIP Notifications from PushKit, Generate Push Notifications from Your Server)
export const connectedPhoneRings: Requirement = {
  id: "flow/connected-phone-rings",
  title: "A connected phone gets the INVITE without detours",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    applePushKit(
      "Generate Push Notifications from Your Server",
      "If the recipient’s app is running and has an active connection with the server, communicate directly with the app using your existing connection.",
    ),
  ],
  applies({ features: { transports, wake } }) {
    if (wake === "always") return "the target declares that it may push a connected phone, which then registers first";
    return transports.some((transport) => transport !== "udp") || "over UDP nobody can tell that a phone is connected";
  },
  judge: (trace) =>
    conclude(callsOf(trace).flatMap((call) => call.phones.map((phone) => judgePhone(trace, call, phone)))),
};

function judgePhone(trace: Trace, call: CallView, phone: PhoneView): Verdict {
  if (phone.halfDead || phone.expired || !isConnectedAt(phone, call.placed)) return notExercised;
  const limitMs = trace.facts.deadlines.inviteAfterRegisterMs;
  const invite = call.branches.find((branch) => branch.phone === phone.ref)?.invite.event;
  // A target that pushes connected phones too may wait for the REGISTER the push asks for.
  const pushed = pushesFor(trace, call, phone).some(
    ({ request }) => request.seq < (invite?.seq ?? Infinity) && within(call.placed, request, limitMs) !== "no",
  );
  if (pushed) return notExercised;
  return judgeDemand(trace, {
    what: `the INVITE of ${call.ref} at ${phone.ref}`,
    from: call.placed,
    limitMs,
    met: invite,
    excuses: [...endsOf(trace, call), newestFlow(phone, call.placed)?.down],
    missing: "no-invite",
    expected: `the INVITE of ${call.ref} at ${phone.ref}, which was connected`,
  });
}
