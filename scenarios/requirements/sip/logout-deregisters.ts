import { linkRequests, paramOf } from "../../../harness/judge/client-view-link.ts";
import { clientPhonesOf } from "../../../harness/judge/client-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { isOffline, judgeReaction } from "../app-reaction.ts";
import { rfc3261 } from "../client-documents.ts";
import { conclude, notExercised } from "../verdicts.ts";

// "Registrations are soft state and expire unless refreshed, but can also be explicitly removed." and "UAs SHOULD support this
// mechanism so that bindings can be removed before their expiration interval has passed." (RFC 3261, 10.2.2)
export const logoutDeregisters: Requirement = {
  id: "sip/logout-deregisters",
  title: "An app whose user logs out removes its binding.",
  level: "should",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc3261(
      "10.2.2",
      "UAs SHOULD support this mechanism so that bindings can be removed before their expiration interval has passed.",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      clientPhonesOf(trace).flatMap((phone) =>
        linkRequests(trace, phone.ref)
          .filter(({ method, event }) => method === "account.changed" && paramOf(event, "account") === null)
          .map(({ event }) => {
            const accepted = phone.registrations.filter((one) => one.accepted !== undefined);
            const newest = accepted.findLast(({ request }) => request.event.seq < event.seq)?.bindings.at(-1);
            if (newest === undefined || isOffline(trace, phone, event)) return notExercised;
            const later = phone.registrations.filter(({ request }) => request.event.seq > event.seq);
            return judgeReaction(trace, phone, {
              what: "the REGISTER that removes the binding",
              from: event,
              overNetwork: false,
              met: later.find(
                ({ accepted: answer, removes, bindings }) =>
                  answer !== undefined && removes && !bindings.some(({ token }) => token === newest.token),
              )?.request.event,
              // A registrar that does not answer, or refuses, keeps the binding.
              excuses: [later.find(({ accepted: answer, removes }) => removes && answer === undefined)?.request.event],
              missing: "still-registered",
              expected: "a REGISTER with expiry 0 for the binding of the phone",
            });
          }),
      ),
    ),
};
