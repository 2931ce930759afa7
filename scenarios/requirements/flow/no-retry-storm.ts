import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { appleResponses, firebaseAtScale } from "./documents.ts";
import { conclude, fail, notExercised, passUnlessCutShort } from "../verdicts.ts";

const MOST_FURTHER_PUSHES = 2;

// "You can retry with a delay, if you get the error code TooManyRequests." (Apple, Handling notification responses from APNs)
// "For 500 errors: retry with exponential backoff." (Firebase, Best practices when sending FCM messages at scale)
export const noRetryStorm: Requirement = {
  id: "flow/no-retry-storm",
  title: "After 429 or 5xx a call is pushed to that token at most twice more",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    appleResponses("Understand error codes", "You can retry with a delay, if you get the error code TooManyRequests."),
    firebaseAtScale("Errors", "For 500 errors: retry with exponential backoff."),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      callsOf(trace).flatMap((call) => {
        const tokens = new Set(call.pushes.flatMap(({ token }) => token ?? []));
        return [...tokens].map((token) => {
          const pushes = call.pushes.filter((push) => push.token === token);
          const refusal = pushes.find(
            ({ response }) => response?.status === 429 || (response?.status ?? 0) >= 500,
          )?.response;
          if (refusal === undefined) return notExercised;
          const further = pushes.filter(({ request }) => request.seq > refusal.seq).map(({ request }) => request);
          if (further.length <= MOST_FURTHER_PUSHES) return passUnlessCutShort(trace, [refusal, ...further]);
          return fail({
            mismatch: "retry-storm",
            basis: "content",
            expected: `at most ${MOST_FURTHER_PUSHES} more pushes of ${call.ref} after ${refusal.status}`,
            actual: `${further.length} more`,
            evidence: [refusal, ...further],
          });
        });
      }),
    ),
};
