import type { ApnsContext, ApnsRequest } from "./apns-request.ts";
import type { Violation } from "./apns-rule.ts";
import { issuedAtOf } from "./provider-token.ts";

const HOUR_S = 3600;
/** Apple, "Establishing a token-based connection to APNs": no more than one new token every 20 minutes. */
const REFRESH_S = 20 * 60;

/** A client certificate decides alone: APNs ignores `authorization` beside one. */
export function checkCertificate({ connection }: ApnsRequest): Violation | undefined {
  const certificate = connection.clientCertificate;
  if (certificate === undefined || certificate.accepted) return undefined;
  return {
    expected: "a client certificate of the test authority with the app's bundle ID",
    actual: certificate.subject,
  };
}

export function checkMissingToken({ connection, providerToken }: ApnsRequest): Violation | undefined {
  if (connection.clientCertificate !== undefined || providerToken.kind !== "none") return undefined;
  return { expected: "authorization: bearer <provider token>", actual: "no provider token and no client certificate" };
}

/** Form, algorithm, key, team and signature. */
export function checkProviderToken(
  { connection, providerToken }: ApnsRequest,
  { keyId, teamId }: ApnsContext,
): Violation | undefined {
  if (connection.clientCertificate !== undefined || providerToken.kind === "none") return undefined;
  if (providerToken.kind === "unreadable") return { expected: "a JSON Web Token", actual: providerToken.why };
  const { header, claims, signature } = providerToken;
  if (header["alg"] !== "ES256") return { expected: "alg ES256", actual: `alg ${shown(header["alg"])}` };
  if (header["kid"] !== keyId) return { expected: `kid ${keyId}`, actual: `kid ${shown(header["kid"])}` };
  if (claims["iss"] !== teamId) return { expected: `iss ${teamId}`, actual: `iss ${shown(claims["iss"])}` };
  if (issuedAtOf(providerToken) === undefined) {
    return { expected: "iat in seconds since the epoch, a number", actual: `iat ${shown(claims["iat"])}` };
  }
  if (signature === "bad") return { expected: "an ES256 signature by the key of kid", actual: "another signature" };
  return undefined;
}

export function checkFuture(request: ApnsRequest, { nowMs }: ApnsContext): Violation | undefined {
  const ageS = tokenAgeS(request, nowMs);
  if (ageS === undefined || ageS >= -HOUR_S) return undefined;
  return { expected: "iat at most an hour from now", actual: `iat ${Math.round(-ageS)} s ahead` };
}

export function checkTokenAge(request: ApnsRequest, { nowMs }: ApnsContext): Violation | undefined {
  const ageS = tokenAgeS(request, nowMs);
  if (ageS === undefined || ageS <= HOUR_S) return undefined;
  return { expected: "iat at most an hour ago", actual: `iat ${Math.round(ageS)} s ago` };
}

/**
 * Counts by `iat`, not by the token's text: ES256 signatures are random, so signing the same claims again gives other
 * bytes, and which of the two APNs counts is not published.
 */
export function checkRefresh(
  { connection, providerToken }: ApnsRequest,
  { strictRefresh }: ApnsContext,
): Violation | undefined {
  if (!strictRefresh || connection.clientCertificate !== undefined) return undefined;
  const { providerTokens } = connection;
  const distinct = providerTokens.filter(
    (seen, index) => index === providerTokens.findIndex(({ issuedAtS }) => issuedAtS === seen.issuedAtS),
  );
  const index = distinct.findIndex(({ issuedAtS }) => issuedAtS === issuedAtOf(providerToken));
  const [before, current] = [distinct[index - 1], distinct[index]];
  if (before === undefined || current === undefined) return undefined;
  const afterS = (current.firstSeenMs - before.firstSeenMs) / 1000;
  if (afterS >= REFRESH_S) return undefined;
  return {
    expected: "a new provider token at most every 20 minutes",
    actual: `a new one after ${Math.round(afterS)} s`,
  };
}

function tokenAgeS({ connection, providerToken }: ApnsRequest, nowMs: number): number | undefined {
  const issuedAtS = issuedAtOf(providerToken);
  if (connection.clientCertificate !== undefined || issuedAtS === undefined) return undefined;
  return nowMs / 1000 - issuedAtS;
}

function shown(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}
