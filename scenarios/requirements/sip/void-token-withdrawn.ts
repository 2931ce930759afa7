import { linkRequests } from "../../../harness/judge/client-view-link.ts";
import { clientPhonesOf } from "../../../harness/judge/client-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { judgeReaction } from "../app-reaction.ts";
import { appleReference } from "../client-documents.ts";
import { conclude, notExercised } from "../verdicts.ts";
import { handedTokens } from "./push-tokens.ts";

// "Instead, use this method to notify your server not to send push notifications using the matching push token." (Apple, PushKit)
export const voidTokenWithdrawn: Requirement = {
  id: "sip/void-token-withdrawn",
  title: "A token that iOS has made void is taken out of the registration.",
  level: "should",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    appleReference(
      "pushRegistry(_:didInvalidatePushTokenFor:)",
      "Instead, use this method to notify your server not to send push notifications using the matching push token.",
    ),
  ],
  applies: ({ features }) => features.platforms.includes("ios") || "the target declares no iOS",
  judge: (trace) =>
    conclude(
      clientPhonesOf(trace, "ios").flatMap((phone) =>
        linkRequests(trace, phone.ref)
          .filter(({ method }) => method === "pushRegistry.didInvalidatePushToken")
          .map(({ event }) => {
            const voided = handedTokens(trace, phone).findLast(({ event: told }) => told.seq < event.seq)?.token;
            const holds = (bindings: readonly { readonly token: string | undefined }[]) =>
              bindings.some(({ token }) => token === voided);
            const bound = phone.registrations.findLast(({ request }) => request.event.seq < event.seq);
            if (voided === undefined || bound === undefined || !holds(bound.bindings)) return notExercised;
            const withdrawn = phone.registrations.find(
              ({ request, accepted, bindings }) =>
                request.event.seq > event.seq && accepted !== undefined && !holds(bindings),
            );
            const refused = phone.registrations.find(
              ({ request, accepted }) => request.event.seq > event.seq && accepted === undefined,
            );
            return judgeReaction(trace, phone, {
              what: "the REGISTER without the void token",
              from: event,
              met: withdrawn?.request.event,
              // A registrar that does not answer, or refuses, leaves the binding as it was.
              excuses: [refused?.request.event],
              missing: "still-registered",
              expected: "a REGISTER that leaves no binding with the void token",
            });
          }),
      ),
    ),
};
