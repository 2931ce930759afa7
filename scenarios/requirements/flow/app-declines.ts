import { remoteEndOf } from "../../../harness/judge/client-view-legs.ts";
import { clientCallsOf, type ClientCall } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { judgeReaction } from "../app-reaction.ts";
import { applePushKit, rfc3261 } from "../client-documents.ts";
import { conclude, fail, notExercised } from "../verdicts.ts";

// "If the invitation is not accepted, a 3xx, 4xx, 5xx or 6xx response is sent, depending on the reason for the rejection." (RFC 3261, 13.1)
// "If the particular UI allows for the user to reject a call before its answered, a 403 (Forbidden) is a good way to express that."
// (RFC 3261, 15), beside 480, 486 and 603, which other apps send.
export const appDeclines: Requirement = {
  id: "flow/app-declines",
  title: "A call the user declines is rejected, also where its INVITE comes later.",
  level: "must",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc3261(
      "13.1",
      "If the invitation is not accepted, a 3xx, 4xx, 5xx or 6xx response is sent, depending on the reason for the rejection.",
    ),
    rfc3261(
      "15",
      "If the particular UI allows for the user to reject a call before its answered, a 403 (Forbidden) is a good way to express that.",
    ),
    applePushKit(
      "Respond to VoIP Push Notifications in Your App",
      "For example, use your delegate to respond when the user answers or ends the call.",
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(clientCallsOf(trace).map((call) => judgeCall(trace, call))),
};

/** 403 (RFC 3261, 15), 480, 486, 600 and above. */
function isDecline(status: number): boolean {
  return status === 403 || status === 480 || status === 486 || status >= 600;
}

function judgeCall(trace: Trace, call: ClientCall): Verdict {
  const { phone, acts, legs } = call;
  const act = acts.find(({ kind }) => kind === "user.declined");
  const leg = legs.find(({ invite }) => invite.arrived !== undefined);
  const invite = leg?.invite.arrived;
  if (act === undefined || leg === undefined || invite === undefined) return notExercised;
  const over = remoteEndOf(legs)?.event;
  if (over !== undefined && over.seq < act.seq) return notExercised;
  // What it answers once the caller gave up is no decline any more.
  const final = leg.final !== undefined && over !== undefined && over.seq < leg.final.event.seq ? undefined : leg.final;
  if (final !== undefined && final.event.seq < act.seq) return notExercised;
  if (final !== undefined && !isDecline(final.sip.status)) {
    const isAccepted = final.sip.status < 300;
    return fail({
      mismatch: isAccepted ? "not-rejected" : "wrong-status",
      basis: "content",
      expected: "403, 480, 486, 603 or another 6xx to the INVITE",
      actual: `${final.sip.status} ${final.sip.reason}`,
      evidence: [act, final.event],
    });
  }
  return judgeReaction(trace, phone, {
    what: "the rejection of the INVITE",
    from: act.seq > invite.seq ? act : invite,
    takesUp: act.seq > invite.seq ? invite : act,
    met: final?.event,
    excuses: [over],
    missing: "not-rejected",
    expected: `a rejection of the INVITE of ${call.ref}`,
  });
}
