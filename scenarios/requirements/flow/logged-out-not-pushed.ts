import { isTokenOf, phonesOf, type PhoneView, type Registration } from "../../../harness/judge/call-view-phones.ts";
import { pushesOf } from "../../../harness/judge/call-view-pushes.ts";
import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { before } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { rfc3261 } from "./documents.ts";
import { conclude, fail, notExercised, passUnlessCutShort } from "../verdicts.ts";

// "If the Call-ID value in the existing binding differs from the Call-ID value in the request, the binding MUST be removed if the
// expiration time is zero and updated otherwise. If they are the same, the registrar compares the CSeq value. If the value is higher
// than that of the existing binding, it MUST update or remove the binding as above." (RFC 3261, 10.3)
export const loggedOutNotPushed: Requirement = {
  id: "flow/logged-out-not-pushed",
  title: "A phone that logged out gets neither push nor INVITE",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "10.3",
      "If the Call-ID value in the existing binding differs from the Call-ID value in the request, the binding MUST be removed if the expiration time is zero and updated otherwise. If they are the same, the registrar compares the CSeq value. If the value is higher than that of the existing binding, it MUST update or remove the binding as above.",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      phonesOf(trace).flatMap((phone) =>
        phone.registrations
          .filter(({ removes, accepted, bindings }) => removes && accepted !== undefined && bindings.length === 0)
          .map((logOut) => judgeLogOut(trace, phone, logOut)),
      ),
    ),
};

function judgeLogOut(trace: Trace, phone: PhoneView, logOut: Registration): Verdict {
  const accepted = logOut.accepted?.event;
  if (accepted === undefined) return notExercised;
  const backAt =
    phone.registrations.find(({ removes, request }) => !removes && request.event.seq > logOut.request.event.seq)
      ?.request.event.seq ?? Infinity;
  const calls = callsOf(trace).filter(({ placed }) => placed.seq > accepted.seq && placed.seq < backAt);
  const invites = calls
    .flatMap(({ branches }) => branches)
    .filter((branch) => branch.phone === phone.ref)
    .map(({ invite }) => invite.event);
  // A push for a call from before may have been on its way; one that names no such call is not.
  const pushes = pushesOf(trace)
    .filter(
      (push) => push.phone === phone.ref && isTokenOf(phone, push.token) && before(accepted, push.request) === "yes",
    )
    .filter((push) => !callsOf(trace).some((call) => call.pushes.includes(push) && call.placed.seq < accepted.seq))
    .map(({ request }) => request);
  const violation = [...invites, ...pushes].filter(({ seq }) => seq < backAt).toSorted((a, b) => a.seq - b.seq)[0];
  if (violation !== undefined) {
    return fail({
      mismatch: "pushed-after-log-out",
      basis: "order",
      expected: `neither push nor INVITE for ${phone.ref}, which had logged out`,
      actual: violation.kind === "sip" ? "an INVITE" : "a push",
      evidence: [accepted, violation],
    });
  }
  // Only a target that did something about the call shows that it knows who is left.
  const handled = calls.find(
    ({ caller, pushes: sent, branches }) => caller.rejection !== undefined || sent.length > 0 || branches.length > 0,
  );
  return handled === undefined ? notExercised : passUnlessCutShort(trace, [accepted, handled.placed]);
}
