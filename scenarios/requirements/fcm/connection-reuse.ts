import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { EventOf } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { pushesThrough } from "../push/no-finding.ts";
import { rfc9113 } from "../push/sources.ts";
import { pushesToFcm } from "./pushes-to-fcm.ts";

type PushRequest = EventOf<"push.request">;

/** Fewer pushes than this tell nothing about a sender's habit. */
const fewestPushes = 4;

// “HTTP/2 connections are persistent.” “For best performance, it is expected that clients will not close connections
// until it is determined that no further communication with a server is necessary (for example, when a user navigates
// away from a particular web page) or until the server closes the connection.”
export const connectionReuse: Requirement = {
  id: "fcm/connection-reuse",
  title: "Connections to FCM are kept and reused, not opened for each message.",
  level: "should",
  origin: "standard",
  role: "server",
  scope: "run",
  sources: [
    rfc9113("9.1", "HTTP/2 connections are persistent."),
    rfc9113(
      "9.1",
      "For best performance, it is expected that clients will not close connections until it is determined that no further communication with a server is necessary (for example, when a user navigates away from a particular web page) or until the server closes the connection.",
    ),
  ],
  applies: pushesToFcm,
  judge,
};

/** Connections that carried no message, only requests for access tokens, do not count. */
function judge(trace: Trace): Verdict {
  const pushes = pushesThrough("fcm", trace);
  if (pushes.length < fewestPushes) return { kind: "not-exercised" };
  const firstOn = new Map(pushes.toReversed().map((push) => [push.connection, push]));
  const evidence = [...firstOn.values()].map(({ seq }) => seq).toSorted((a, b) => a - b);
  if (firstOn.size < pushes.length) return { kind: "pass", evidence };
  // Messages sent at once over HTTP/1.1 need a connection each.
  const needless = pushes.filter((push) => couldReuse(trace, pushes, push));
  if (needless.length < fewestPushes - 1) return { kind: "not-exercised" };
  return {
    kind: "fail",
    mismatch: "connection-per-push",
    basis: "content",
    expected: "connections kept for many messages",
    actual: `${firstOn.size} connections opened for ${pushes.length} messages`,
    evidence,
  };
}

/** The connection of an earlier message was free for this one: its answer was out, or HTTP/2 carries many at once. */
function couldReuse(trace: Trace, pushes: readonly PushRequest[], push: PushRequest): boolean {
  return pushes.some((earlier) => {
    if (earlier.seq >= push.seq) return false;
    const sameConnection = ({ connection }: { readonly connection: string }) => connection === earlier.connection;
    const closed = eventsOf(trace, "connection.closed").find(sameConnection);
    // What we closed ourselves nobody can reuse.
    if (closed?.by === "world" && closed.seq < push.seq) return false;
    const opened = eventsOf(trace, "connection.opened").find(sameConnection);
    const answer = eventsOf(trace, "push.response").find((response) => response.push === earlier.push);
    return opened?.alpn === "h2" || (answer !== undefined && answer.seq < push.seq);
  });
}
