import { isTokenOf, phonesOf, tokensAt, type PhoneView } from "../../../harness/judge/call-view-phones.ts";
import { pushesOf } from "../../../harness/judge/call-view-pushes.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { before } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { rfc3261 } from "./documents.ts";
import { sameToken } from "./same-token.ts";
import { conclude, fail, inconclusive, notExercised, pass } from "../verdicts.ts";

// "The binding updates MUST be committed (that is, made visible to the proxy or redirect server) if and only if all binding updates
// and additions succeed." (RFC 3261, 10.3)
export const newestTokenOnly: Requirement = {
  id: "flow/newest-token-only",
  title: "A token that a phone's accepted REGISTER replaced or removed is not pushed to any more",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "10.3",
      "The binding updates MUST be committed (that is, made visible to the proxy or redirect server) if and only if all binding updates and additions succeed.",
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(phonesOf(trace).flatMap((phone) => judgePhone(trace, phone))),
};

function judgePhone(trace: Trace, phone: PhoneView): readonly Verdict[] {
  return pushesOf(trace)
    .filter((push) => push.phone === phone.ref && isTokenOf(phone, push.token))
    .map((push) => {
      const live = tokensAt(phone, push.request);
      // A phone without any token left is logged out, which is judged by itself.
      const replaced = phone.registrations.findLast(
        ({ accepted, bindings }, index) =>
          accepted !== undefined &&
          accepted.event.seq < push.request.seq &&
          bindings.length > 0 &&
          takesTokenAway(phone, index),
      );
      if (live.length === 0 || replaced?.accepted === undefined) return notExercised;
      if (live.some((token) => sameToken(token, push.token))) return pass([replaced.accepted.event, push.request]);
      const order = before(replaced.accepted.event, push.request);
      if (order !== "yes")
        return inconclusive("a push for the old token crossed the answer to the REGISTER that replaced it");
      return fail({
        mismatch: "old-token-used",
        basis: "order",
        expected: `a push for ${live.at(-1)}, which ${phone.ref} had registered`,
        actual: `a push for ${push.token}, which that REGISTER replaced or removed`,
        evidence: [replaced.accepted.event, push.request],
      });
    });
}

/** The registration left the phone with one token fewer of those it was bound with before, and with another in its place. */
function takesTokenAway(phone: PhoneView, index: number): boolean {
  const tokensOf = (at: number) => phone.registrations[at]?.bindings.flatMap(({ token }) => token ?? []) ?? [];
  const now = tokensOf(index);
  const earlier = phone.registrations.slice(0, index).flatMap((_, at) => tokensOf(at));
  return now.length > 0 && earlier.some((token) => !now.includes(token));
}
