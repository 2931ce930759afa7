import { clientPhonesOf } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { canReact } from "../app-reaction.ts";
import { appleReference, rfc3261 } from "../client-documents.ts";
import { conclude, fail, notExercised, pass } from "../verdicts.ts";
import { handedTokens } from "./push-tokens.ts";

// "Each UA is responsible for refreshing the bindings that it has previously established." (RFC 3261, 10.2.4)
// "A unique device token to use when sending push notifications to the current device." (Apple, PKPushCredentials.token): one that was
// replaced wakes nobody, and a call that is forked to it rings nowhere.
export const oldBindingRemoved: Requirement = {
  id: "sip/old-binding-removed",
  title: "Once the new token is registered, nothing is bound to the old one.",
  level: "should",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc3261("10.2.4", "Each UA is responsible for refreshing the bindings that it has previously established."),
    appleReference(
      "PKPushCredentials.token",
      "A unique device token to use when sending push notifications to the current device.",
    ),
  ],
  applies: () => true,
  judge(trace) {
    return conclude(
      clientPhonesOf(trace).flatMap((phone) =>
        handedTokens(trace, phone).flatMap(({ token, event, isNew }, index, all): readonly Verdict[] => {
          const replaced = all[index - 1];
          if (!isNew || replaced === undefined) return [];
          const accepted = phone.registrations.filter((registration) => registration.accepted !== undefined);
          const hadOld = accepted.findLast(({ request }) => request.event.seq < event.seq);
          if (hadOld?.bindings.some((binding) => binding.token === replaced.token) !== true) return [notExercised];
          const next = all[index + 1]?.event.seq ?? Infinity;
          const since = accepted.filter(({ request }) => request.event.seq > event.seq && request.event.seq < next);
          const first = since.find(({ bindings }) => bindings.some((binding) => binding.token === token));
          if (first === undefined) return [notExercised];
          const clean = since.find(
            (registration) =>
              registration.request.event.seq >= first.request.event.seq &&
              !registration.bindings.some((binding) => binding.token === replaced.token),
          );
          if (clean !== undefined) return [pass([event, clean.request.event])];
          const seenMs = trace.end.atMs - first.request.event.atMs;
          const isWhole = trace.end.kind === "finished" && seenMs >= trace.facts.deadlines.absenceMs;
          const last = trace.events.at(-1);
          if (!isWhole || last === undefined || !canReact(trace, phone, last)) return [notExercised];
          return [
            fail({
              mismatch: "old-binding-left",
              basis: "deadline",
              expected: "no binding with the replaced token",
              actual: `${first.bindings.length} bindings, one with the old token, until the case ended`,
              evidence: [event, first.request.event],
            }),
          ];
        }),
      ),
    );
  },
};
