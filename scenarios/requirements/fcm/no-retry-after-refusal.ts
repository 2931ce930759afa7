import type { Push } from "../../../harness/judge/call-view-pushes.ts";
import { callsOf, type CallView } from "../../../harness/judge/call-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { conclude, fail, notExercised, passUnlessCutShort } from "../verdicts.ts";
import { againAfter } from "./again-after.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { atScale } from "./sources.ts";

/** How often the same message may follow a refusal unchanged: after 401 once more, with a new access token. */
const allowedRepeats: ReadonlyMap<number, number> = new Map([
  [400, 0],
  [401, 1],
  [403, 0],
  [404, 0],
]);

// “For 400, 401, 403, 404 errors: abort, and do not retry.”
export const noRetryAfterRefusal: Requirement = {
  id: "fcm/no-retry-after-refusal",
  title: "A message that FCM refused as wrong is not sent again unchanged.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [atScale("Errors", "For 400, 401, 403, 404 errors: abort, and do not retry.")],
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
  const allowed = allowedRepeats.get(response?.status ?? 0);
  if (response === undefined || allowed === undefined) return notExercised;
  const repeats = againAfter(call, push).filter(({ request }) => isSameBody(request.body, push.request.body));
  const violation = repeats[allowed];
  if (violation === undefined) return passUnlessCutShort(trace, [response, ...repeats.map(({ request }) => request)]);
  const what = `${response.status} ${response.reason ?? ""}`.trimEnd();
  return fail({
    mismatch: "retried-refused",
    basis: "content",
    expected: allowed === 0 ? `the message given up after ${what}` : `at most ${allowed} more attempt after ${what}`,
    actual: `the same message for ${call.ref} ${repeats.length === 1 ? "once" : `${repeats.length} times`} more`,
    evidence: [response, violation.request],
  });
}

function isSameBody(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
