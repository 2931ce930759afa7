import type { ApnsPush } from "../apns-push.ts";
import type { ApnsRule, Violation } from "../apns-rule.ts";
import { seenToken } from "../connection-state.ts";
import { RESPONSES, TOKENS } from "./sources.ts";

export const throttleRules: readonly ApnsRule[] = [
  {
    id: "apns/provider-token-refresh",
    mismatch: "refreshed-too-often",
    class: "R",
    status: 429,
    reason: "TooManyProviderTokenUpdates",
    source: `${TOKENS}, Refresh your token regularly; ${RESPONSES}, TooManyProviderTokenUpdates`,
    isInEffect: ({ refresh }) => refresh === "strict",
    check: refreshedTooOften,
  },
  {
    id: "apns/provider-token-refresh",
    mismatch: "refreshed-too-often",
    class: "W",
    source: `${TOKENS}, Refresh your token regularly`,
    isInEffect: ({ refresh }) => refresh === "warned",
    check: refreshedTooOften,
  },
  {
    id: "apns/request-rate",
    mismatch: "too-many-requests",
    class: "R",
    status: 429,
    reason: "TooManyRequests",
    source: `${RESPONSES}, TooManyRequests [unverified number]`,
    isInEffect: ({ requestsPerToken }) => requestsPerToken !== undefined,
    check: ({ requestsOfToken }, { profile: { requestsPerToken } }) =>
      requestsPerToken !== undefined && requestsOfToken > requestsPerToken.count
        ? {
            expected: `at most ${requestsPerToken.count} pushes per ${requestsPerToken.perMs} ms to one device token`,
            actual: `${requestsOfToken} or more`,
          }
        : undefined,
  },
];

function refreshedTooOften({ connection, providerToken }: ApnsPush): Violation | undefined {
  const afterMs = seenToken(connection, providerToken)?.tooSoonAfterMs;
  if (afterMs === undefined) return undefined;
  return {
    expected: "a new provider token at most every 20 minutes",
    actual: `a new one after ${Math.round(afterMs / 1000)} s`,
  };
}
