import { linkRequests, paramOf } from "../../../harness/judge/client-view-link.ts";
import { clientPhonesOf } from "../../../harness/judge/client-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { judgeReaction } from "../app-reaction.ts";
import { rfc3261 } from "../client-documents.ts";
import { conclude, notExercised } from "../verdicts.ts";

// "Each UA is responsible for refreshing the bindings that it has previously established." (RFC 3261, 10.2.4)
export const appRegistersAgain: Requirement = {
  id: "flow/app-registers-again",
  title: "An app registers again when the network is back, or is another.",
  level: "should",
  origin: "house",
  role: "client",
  scope: "case",
  sources: [
    rfc3261("10.2.4", "Each UA is responsible for refreshing the bindings that it has previously established."),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      clientPhonesOf(trace).flatMap((phone) => {
        const changes = linkRequests(trace, phone.ref).filter(({ method }) => method === "network.changed");
        return changes.map(({ event }, index) => {
          const before = changes[index - 1]?.event;
          const isBack = before !== undefined && paramOf(before, "reachable") === false;
          const isOther = before === undefined || paramOf(before, "interface") !== paramOf(event, "interface");
          if (paramOf(event, "reachable") !== true || !(isBack || isOther)) return notExercised;
          return judgeReaction(trace, phone, {
            what: "the REGISTER over the new network",
            from: event,
            met: phone.registrations.find(({ request, removes }) => !removes && request.event.seq > event.seq)?.request
              .event,
            excuses: [changes[index + 1]?.event],
            missing: "no-register",
            expected: "a REGISTER once the network is there",
          });
        });
      }),
    ),
};
