import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { pushesThrough } from "../push/no-finding.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";
import { serverToServer } from "./sources.ts";

/** Fewer pushes than this tell nothing about a sender's habit. */
const fewestPushes = 4;

// “Access tokens can be reused during the duration window specified by the expires_in value.”
export const accessTokenReuse: Requirement = {
  id: "fcm/access-token-reuse",
  title: "An access token is used for many messages, not fetched for each.",
  level: "should",
  origin: "vendor",
  role: "server",
  scope: "run",
  sources: [
    serverToServer(
      "Handling the response",
      "Access tokens can be reused during the duration window specified by the expires_in value.",
    ),
  ],
  applies: pushesToFcm,
  judge,
};

function judge(trace: Trace): Verdict {
  const pushes = pushesThrough("fcm", trace);
  const granted = eventsOf(trace, "connection.access-token").filter(({ fingerprint }) => fingerprint !== undefined);
  if (pushes.length < fewestPushes || granted.length === 0) return { kind: "not-exercised" };
  const evidence = granted.map(({ seq }) => seq);
  if (granted.length < pushes.length) return { kind: "pass", evidence };
  return {
    kind: "fail",
    mismatch: "token-per-push",
    basis: "content",
    expected: "an access token kept for many messages",
    actual: `${granted.length} access tokens fetched for ${pushes.length} messages`,
    evidence,
  };
}
