import { clientCallsOf, clientPhonesOf } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { siprix } from "../client-documents.ts";
import { conclude, fail, notExercised, passUnlessCutShort } from "../verdicts.ts";

// "App should be able to check does the push notification and SIP request belong to the same call or they are from different calls
// received in unexpected order." (Siprix, CallKit-PushKit iOS)
export const appCallsApart: Requirement = {
  id: "flow/app-calls-apart",
  title: "Where two calls come at once, the one that is answered is the one the user chose.",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    siprix(
      "Handle received SIP INVITE request",
      "App should be able to check does the push notification and SIP request belong to the same call or they are from different calls received in unexpected order.",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      clientPhonesOf(trace).flatMap((phone): readonly Verdict[] => {
        const calls = clientCallsOf(trace).filter((call) => call.phone.ref === phone.ref);
        const chosen = calls.flatMap(({ acts }) => acts.filter(({ kind }) => kind === "user.answered"));
        return chosen.map((act) => {
          const others = calls.filter(({ ref, legs }) => ref !== act.call && legs.length > 0);
          if (others.length === 0) return notExercised;
          const own = calls
            .find(({ ref }) => ref === act.call)
            ?.legs.find(({ answer }) => answer !== undefined)?.answer;
          const wrong = others
            .filter(({ acts }) => !acts.some(({ kind }) => kind === "user.answered"))
            .flatMap(({ ref, legs }) => legs.flatMap(({ answer }) => (answer === undefined ? [] : [{ ref, answer }])))
            .find(({ answer }) => answer.event.seq > act.seq);
          if (wrong !== undefined) {
            return fail({
              mismatch: "wrong-call-answered",
              basis: "content",
              expected: `a 2xx to the INVITE of ${act.call}`,
              actual: `a 2xx to the INVITE of ${wrong.ref}`,
              evidence: [act, wrong.answer.event],
            });
          }
          return own === undefined ? notExercised : passUnlessCutShort(trace, [act, own.event]);
        });
      }),
    ),
};
