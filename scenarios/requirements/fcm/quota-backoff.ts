import type { Push } from "../../../harness/judge/call-view-pushes.ts";
import { callsOf, type CallView } from "../../../harness/judge/call-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { within } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { conclude, fail, inconclusive, notExercised, passUnlessCutShort } from "../verdicts.ts";
import { againAfter } from "./again-after.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { atScale, errorCode } from "./sources.ts";

// “For 429 errors: retry after waiting for the duration set in the retry-after header.” “429 error responses with
// retry-after headers may be returned to indicate that you should wait a given time period before retrying the request.”
// “Honor the Retry-After header if it is included in the response from the FCM Connection Server.”
export const quotaBackoff: Requirement = {
  id: "fcm/quota-backoff",
  title: "After 429 or 503 a message is not sent again before the time that Retry-After names.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    atScale("Errors", "For 429 errors: retry after waiting for the duration set in the retry-after header."),
    atScale(
      "Key terms and concepts",
      "429 error responses with retry-after headers may be returned to indicate that you should wait a given time period before retrying the request.",
    ),
    errorCode(
      "UNAVAILABLE",
      "Honor the Retry-After header if it is included in the response from the FCM Connection Server.",
    ),
  ],
  applies: pushesToFcm,
  judge: (trace) =>
    conclude(
      callsOf(trace).flatMap((call) =>
        call.pushes.filter(({ request }) => request.service === "fcm").map((push) => judgeAnswer(trace, call, push)),
      ),
    ),
};

function judgeAnswer(trace: Trace, call: CallView, push: Push): Verdict {
  const { response } = push;
  const { status, retryAfterS } = response ?? {};
  if (response === undefined || retryAfterS === undefined || (status !== 429 && status !== 503)) return notExercised;
  const [again] = againAfter(call, push);
  if (again === undefined) return passUnlessCutShort(trace, [response]);
  const isTooSoon = within(response, again.request, retryAfterS * 1000);
  if (isTooSoon === "undecidable")
    return inconclusive(`a message came too close to the end of its Retry-After of ${retryAfterS} s to tell`);
  if (isTooSoon === "no") return passUnlessCutShort(trace, [response, again.request]);
  return fail({
    mismatch: "retried-too-soon",
    basis: "content",
    expected: `nothing for that token and ${call.ref} in the ${retryAfterS} s after ${status}`,
    actual: `another message after ${Math.round(again.request.atMs - response.atMs)} ms`,
    evidence: [response, again.request],
  });
}
