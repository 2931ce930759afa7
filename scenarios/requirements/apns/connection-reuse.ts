import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { sendingRequests } from "./sources.ts";

/** Fewer pushes than this tell nothing about a sender's habit. */
const fewestPushes = 4;

// “Reuse a connection as long as possible.”
export const connectionReuse: Requirement = {
  id: "apns/connection-reuse",
  title: "Connections to APNs are kept and reused, not opened for each push.",
  level: "should",
  origin: "vendor",
  role: "server",
  scope: "run",
  sources: [
    sendingRequests(
      "Follow best practices while sending push notifications with APNs",
      "Reuse a connection as long as possible.",
    ),
  ],
  applies: pushesToApns,
  judge,
};

function judge(trace: Trace): Verdict {
  const opened = trace.events.filter((event) => event.kind === "connection.opened" && event.service === "apns");
  const pushes = trace.events.filter((event) => event.kind === "push.request" && event.service === "apns");
  if (pushes.length < fewestPushes) return { kind: "not-exercised" };
  const evidence = opened.map((event) => event.seq);
  if (opened.length < pushes.length) return { kind: "pass", evidence };
  return {
    kind: "fail",
    mismatch: "connection-per-push",
    basis: "content",
    expected: "connections kept for many pushes",
    actual: `${opened.length} connections opened for ${pushes.length} pushes`,
    evidence,
  };
}
