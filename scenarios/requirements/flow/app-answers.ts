import { remoteEndOf } from "../../../harness/judge/client-view-legs.ts";
import { clientCallsOf, type ClientCall } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { judgeReaction } from "../app-reaction.ts";
import { cutOff } from "../call-over.ts";
import { androidCallingApp, applePushKit } from "../client-documents.ts";
import { conclude, notExercised } from "../verdicts.ts";

// "For example, use your delegate to respond when the user answers or ends the call." (Apple, Responding to VoIP Notifications from PushKit)
// "The telecom subsystem calls this method to inform your app that an incoming call should be answered." (Android, Build a calling app)
export const appAnswers: Requirement = {
  id: "flow/app-answers",
  title: "The user's answer is a 2xx to the INVITE, whichever of the two comes first.",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    applePushKit(
      "Respond to VoIP Push Notifications in Your App",
      "For example, use your delegate to respond when the user answers or ends the call.",
    ),
    androidCallingApp(
      "Implement the connection, onAnswer()",
      "The telecom subsystem calls this method to inform your app that an incoming call should be answered.",
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(clientCallsOf(trace).map((call) => judgeCall(trace, call))),
};

function judgeCall(trace: Trace, call: ClientCall): Verdict {
  const { phone, acts, legs, shown } = call;
  const act = acts.find(({ kind }) => kind === "user.answered");
  const invite = legs.find(({ invite: one }) => one.arrived !== undefined)?.invite.arrived;
  if (act === undefined || invite === undefined) return notExercised;
  // Some apps accept once they have the audio, which this plan keeps from them.
  const settings = trace.plan?.phones[Number(phone.ref.slice("phone:".length)) - 1]?.settings;
  const isGone = shown.length > 0 && shown.every(({ ended }) => ended !== undefined && ended.event.seq < invite.seq);
  if (settings?.audioHeld === true || isGone) return notExercised;
  const from = act.seq > invite.seq ? act : invite;
  const over = remoteEndOf(legs)?.event;
  const changed = acts.filter(({ kind }) => kind === "user.hung-up" || kind === "user.declined");
  if ((over !== undefined && over.seq < act.seq) || changed.some(({ seq }) => seq < from.seq)) return notExercised;
  return judgeReaction(trace, phone, {
    what: "the 2xx to the INVITE",
    from,
    takesUp: invite,
    met: legs.find(({ answer }) => answer !== undefined)?.answer?.event,
    excuses: [over, ...changed, cutOff(trace, call)],
    missing: "not-answered",
    expected: `a 2xx to the INVITE of ${call.ref}`,
  });
}
