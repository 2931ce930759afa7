import { clientPhonesOf } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { rfc8599 } from "../client-documents.ts";
import { conclude, fail, notExercised, pass } from "../verdicts.ts";
import { addressesOf, isRfc8599 } from "./push-fields.ts";

// "MUST NOT insert the 'pn-prid' SIP URI parameter" (RFC 8599, 4.1.2, of a REGISTER that removes the binding)
export const deregisterWithoutPrid: Requirement = {
  id: "sip/deregister-without-prid",
  title: "A REGISTER that removes the binding carries no pn-prid.",
  level: "must",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [rfc8599("4.1.2", "MUST NOT insert the 'pn-prid' SIP URI parameter")],
  applies: ({ profile }) => isRfc8599(profile) || "the profile does not register as RFC 8599 says",
  judge: (trace) =>
    conclude(
      clientPhonesOf(trace)
        .flatMap(({ registrations }) => registrations)
        .map(({ request, removes }): Verdict => {
          if (!removes) return notExercised;
          const told = addressesOf(request.sip).find(({ uri }) => uri.params.has("pn-prid"));
          if (told === undefined) return pass([request.event]);
          return fail({
            mismatch: "prid-in-deregistration",
            basis: "content",
            expected: "no pn-prid in a Contact that is removed",
            actual: `pn-prid=${told.uri.params.get("pn-prid") ?? ""}`,
            evidence: [request.event],
          });
        }),
    ),
};
