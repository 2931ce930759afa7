import { remoteEndOf } from "../../../harness/judge/client-view-legs.ts";
import { clientCallsOf } from "../../../harness/judge/client-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { judgeReaction } from "../app-reaction.ts";
import { applePushKit, rfc3261 } from "../client-documents.ts";
import { conclude, notExercised } from "../verdicts.ts";

// "For the callee's UA, it would typically imply a BYE; presumably, when the user picked up the phone, a 2xx was generated, and so hanging
// up would result in a BYE after the ACK is received." (RFC 3261, 15)
export const appHangsUp: Requirement = {
  id: "flow/app-hangs-up",
  title: "The user's hang-up is a BYE.",
  level: "must",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc3261(
      "15",
      "For the callee's UA, it would typically imply a BYE; presumably, when the user picked up the phone, a 2xx was generated, and so hanging up would result in a BYE after the ACK is received.",
    ),
    applePushKit(
      "Respond to VoIP Push Notifications in Your App",
      "For example, use your delegate to respond when the user answers or ends the call.",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      clientCallsOf(trace).map(({ ref, phone, acts, legs }) => {
        const act = acts.find(({ kind }) => kind === "user.hung-up");
        const leg = legs.find(({ answer }) => answer !== undefined);
        const over = remoteEndOf(legs)?.event;
        if (act === undefined || leg?.answer === undefined || leg.answer.event.seq > act.seq) return notExercised;
        if (over !== undefined && over.seq < act.seq) return notExercised;
        const ack = leg.acks.find(({ arrived }) => arrived !== undefined)?.arrived;
        // No BYE may leave before the ACK is there (RFC 3261, 15).
        if (ack === undefined) return notExercised;
        return judgeReaction(trace, phone, {
          what: "the BYE",
          from: ack.seq > act.seq ? ack : act,
          takesUp: leg.answer.event,
          met: leg.byesSent[0]?.request.event,
          excuses: [over],
          missing: "no-bye",
          expected: `a BYE in the dialog of ${ref}`,
        });
      }),
    ),
};
