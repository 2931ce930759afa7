import { pushesOf } from "../../../harness/judge/call-view-pushes.ts";
import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { before } from "../../../harness/trace/query.ts";
import { appleArchive, firebaseTokens } from "./documents.ts";
import { sameToken } from "./same-token.ts";
import { isRegisteredAgain, unregisteredTokens } from "./unregistered-tokens.ts";
import { conclude, fail, notExercised, passUnlessCutShort } from "../verdicts.ts";

// "Stop pushing notifications until the device registers a token with a later timestamp with your provider."
// (Apple, Communicating with APNs, Table 8-5)
// "Make sure to detect invalid token responses from FCM and respond by deleting from your system any registration tokens that are known
// to be invalid or have expired." (Firebase, Best practices for FCM registration token management)
export const unregisteredTokenDropped: Requirement = {
  id: "flow/unregistered-token-dropped",
  title: "A token the push service called unregistered is not pushed until it is registered again",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    appleArchive(
      "Communicating with APNs",
      "Stop pushing notifications until the device registers a token with a later timestamp with your provider.",
    ),
    firebaseTokens(
      "Detect invalid token responses from the FCM backend",
      "Make sure to detect invalid token responses from FCM and respond by deleting from your system any registration tokens that are known to be invalid or have expired.",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      unregisteredTokens(trace)
        .filter(({ than }) => than === "newer")
        .map((unregistered) => {
          const { phone, token, response } = unregistered;
          const again = pushesOf(trace).find(
            (push) =>
              sameToken(push.token, token) &&
              before(response, push.request) === "yes" &&
              !isRegisteredAgain(unregistered, push.request.seq),
          );
          if (again !== undefined) {
            return fail({
              mismatch: "pushed-unregistered-token",
              basis: "order",
              expected: `no push for a token answered ${response.status} ${response.reason ?? ""}`.trimEnd(),
              actual: `another push for ${token}`,
              evidence: [response, again.request],
            });
          }
          const next = callsOf(trace).find(
            (call) =>
              call.placed.seq > response.seq &&
              call.phones.includes(phone) &&
              !isRegisteredAgain(unregistered, call.placed.seq),
          );
          return next === undefined ? notExercised : passUnlessCutShort(trace, [response, next.placed]);
        }),
    ),
};
