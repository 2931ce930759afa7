import type { Requirement } from "../../../harness/judge/requirement.ts";
import { androidCallStyle } from "../client-documents.ts";
import { conclude, fail, pass } from "../verdicts.ts";
import { incomingOffers } from "./incoming-offers.ts";
import { onAndroid } from "./telecom-applies.ts";

// "Use this template to create incoming or ongoing call notifications." (Android, Create a call style notification for call apps)
export const callStyle: Requirement = {
  id: "telecom/call-style",
  title: "The notification of an incoming call has the style of calls.",
  level: "should",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [androidCallStyle("CallStyle", "Use this template to create incoming or ongoing call notifications.")],
  applies: onAndroid,
  judge: (trace) =>
    conclude(
      incomingOffers(trace).map(({ offer }) =>
        offer.style === "CallStyle"
          ? pass([offer])
          : fail({
              mismatch: "not-call-style",
              basis: "content",
              expected: "style CallStyle",
              actual: `style ${offer.style}`,
              evidence: [offer],
            }),
      ),
    ),
};
