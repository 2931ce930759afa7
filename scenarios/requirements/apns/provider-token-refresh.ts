import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { EventOf, TraceEvent } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { pushesToApns } from "./pushes-to-apns.ts";
import { tokenBasedConnection } from "./sources.ts";

type TokenSeen = EventOf<"connection.provider-token">;

const twentyMinutesMs = 20 * 60_000;

// “Similarly, APNs report an error if you use a new token more than once every 20 minutes on the same connection.”
// “Refresh your token no more than once every 20 minutes and no less than once every 60 minutes.”
export const providerTokenRefresh: Requirement = {
  id: "apns/provider-token-refresh",
  title: "A connection to APNs sees a new provider token at most once per 20 minutes.",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "run",
  sources: [
    tokenBasedConnection(
      "Refresh your token regularly",
      "Similarly, APNs report an error if you use a new token more than once every 20 minutes on the same connection.",
    ),
    tokenBasedConnection(
      "Refresh your token regularly",
      "Refresh your token no more than once every 20 minutes and no less than once every 60 minutes.",
    ),
  ],
  applies: pushesToApns,
  judge,
};

function judge(trace: Trace): Verdict {
  const seen = trace.events.filter(isApnsToken);
  if (seen.length === 0) return withoutTokens(trace);
  const newest = new Map<string, TokenSeen>();
  for (const token of seen) {
    const previous = newest.get(token.connection);
    if (previous !== undefined && issuedTogether(previous, token)) continue;
    if (previous !== undefined && tooSoon(previous, token)) {
      return {
        kind: "fail",
        mismatch: "refreshed-too-often",
        basis: "content",
        expected: "one provider token per connection and 20 minutes",
        actual: `another provider token ${Math.round((token.atMs - previous.atMs) / 1000)} s after the one before, ${age(previous, token)}`,
        evidence: [previous.seq, token.seq],
      };
    }
    newest.set(token.connection, token);
  }
  return { kind: "pass", evidence: seen.map((token) => token.seq) };
}

/** A provider that shows a client certificate has no token to refresh, and its pushes show that it does not. */
function withoutTokens(trace: Trace): Verdict {
  const certified = new Set(
    eventsOf(trace, "connection.opened")
      .filter(({ clientCertificate }) => clientCertificate?.accepted === true)
      .map(({ connection }) => connection),
  );
  const pushes = eventsOf(trace, "push.request").filter(({ connection }) => certified.has(connection));
  return pushes.length === 0 ? { kind: "not-exercised" } : { kind: "pass", evidence: pushes.map(({ seq }) => seq) };
}

function isApnsToken(event: TraceEvent): event is TokenSeen {
  return event.kind === "connection.provider-token" && event.service === "apns";
}

/** ES256 signatures are random: the same claims signed again are other bytes, but no newer token. */
function issuedTogether(previous: TokenSeen, next: TokenSeen): boolean {
  return next.issuedAtS === undefined || previous.issuedAtS === undefined
    ? next.fingerprint === previous.fingerprint
    : next.issuedAtS === previous.issuedAtS;
}

/** A connection opened shortly before its token was due sees the next one early; the tokens themselves are then old enough. */
function tooSoon(previous: TokenSeen, next: TokenSeen): boolean {
  if (next.atMs - previous.atMs >= twentyMinutesMs) return false;
  if (next.issuedAtS === undefined || previous.issuedAtS === undefined) return true;
  return Math.abs(next.issuedAtS - previous.issuedAtS) * 1000 < twentyMinutesMs;
}

function age(previous: TokenSeen, next: TokenSeen): string {
  return next.issuedAtS === undefined || previous.issuedAtS === undefined
    ? "time of issue unknown"
    : `issued ${next.issuedAtS - previous.issuedAtS} s after it`;
}
