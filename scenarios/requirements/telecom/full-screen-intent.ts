import type { Requirement } from "../../../harness/judge/requirement.ts";
import { androidCallingApp } from "../client-documents.ts";
import { conclude, fail, notExercised, pass } from "../verdicts.ts";
import { incomingOffers } from "./incoming-offers.ts";
import { onAndroid } from "./telecom-applies.ts";

// "Your app shows its incoming UI using a notification with an associated full-screen intent." (Android, Build a calling app)
export const fullScreenIntent: Requirement = {
  id: "telecom/full-screen-intent",
  title: "The notification of an incoming call has a full-screen intent.",
  level: "should",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    androidCallingApp(
      "Answer incoming calls",
      "Your app shows its incoming UI using a notification with an associated full-screen intent.",
    ),
  ],
  applies: onAndroid,
  judge: (trace) =>
    conclude(
      incomingOffers(trace).map(({ call, offer }) => {
        if (offer.fullScreenIntent) return pass([offer]);
        const phone = trace.plan?.phones[Number(call.phone.slice("phone:".length)) - 1];
        // An app that asks canUseFullScreenIntent() first leaves out what the user does not permit.
        if (phone?.settings?.fullScreenIntent === false) return notExercised;
        return fail({
          mismatch: "no-full-screen-intent",
          basis: "content",
          expected: "a notification with a full-screen intent",
          actual: "one without",
          evidence: [offer],
        });
      }),
    ),
};
