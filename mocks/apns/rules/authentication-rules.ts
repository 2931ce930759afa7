import { areRelated } from "../apns-credentials.ts";
import type { ApnsKey } from "../apns-credentials.ts";
import { FIELD_SPELLING } from "../apns-reason.ts";
import type { ApnsProfile } from "../apns-profile.ts";
import type { ApnsPush } from "../apns-push.ts";
import type { ApnsRule } from "../apns-rule.ts";
import type { ApnsService } from "../apns-service.ts";
import type { ProviderTokenReading } from "../provider-token.ts";
import { CERTIFICATES, REQUESTS, RESPONSES, TOKENS } from "./sources.ts";

const HOUR_S = 3600;

/** A client certificate decides alone: APNs ignores `authorization` beside one. */
export const authenticationRules: readonly ApnsRule[] = [
  {
    id: "apns/authentication",
    mismatch: "bad-certificate",
    class: "R",
    status: 403,
    reason: "BadCertificate",
    source: `${CERTIFICATES}; ${RESPONSES}, BadCertificate`,
    check: ({ connection: { clientCertificate } }) =>
      clientCertificate === undefined || clientCertificate.accepted
        ? undefined
        : {
            expected: "a client certificate of the test authority with the app's bundle ID",
            actual: clientCertificate.subject,
          },
  },
  {
    id: "apns/authentication",
    mismatch: "bad-certificate-environment",
    class: "R",
    status: 403,
    reason: "BadCertificateEnvironment",
    source: `${RESPONSES}, BadCertificateEnvironment; extensions 1.2.840.113635.100.6.3.1 and .2 [unverified]`,
    check: ({ connection: { clientCertificate } }, { environment }) =>
      clientCertificate === undefined || clientCertificate.environments.includes(environment)
        ? undefined
        : {
            expected: `a client certificate for the ${environment} environment`,
            actual: `one for ${clientCertificate.environments.join(" and ")}`,
          },
  },
  {
    id: "apns/authentication",
    mismatch: "missing-provider-token",
    class: "R",
    status: 403,
    reason: "MissingProviderToken",
    source: `${REQUESTS}, authorization; ${RESPONSES}, MissingProviderToken`,
    check: ({ connection, providerToken }) =>
      connection.clientCertificate !== undefined || providerToken.kind !== "none"
        ? undefined
        : { expected: "authorization: bearer <provider token>", actual: "no provider token and no client certificate" },
  },
  {
    id: "apns/authentication",
    mismatch: "invalid-provider-token",
    class: "R",
    status: 403,
    reason: "InvalidProviderToken",
    source: `${TOKENS}, alg, kid, iss and iat; ${RESPONSES}, InvalidProviderToken`,
    check: ({ connection, providerToken }) => {
      if (connection.clientCertificate !== undefined || providerToken.kind === "none") return undefined;
      if (providerToken.kind === "read") return providerToken.fault;
      return { expected: "a JSON Web Token", actual: providerToken.why };
    },
  },
  {
    id: "apns/authentication",
    mismatch: "invalid-provider-token",
    class: "R",
    status: 403,
    reason: "InvalidProviderToken",
    source: `${TOKENS}, iat: no more than one hour from the current time [unverified reason]`,
    check: (push) => {
      const ageS = tokenAgeS(push);
      return ageS === undefined || ageS >= -HOUR_S
        ? undefined
        : { expected: "iat at most an hour from now", actual: `iat ${Math.round(-ageS)} s ahead` };
    },
  },
  {
    id: "apns/provider-token-age",
    mismatch: "expired-provider-token",
    class: "R",
    status: 403,
    reason: "ExpiredProviderToken",
    source: `${TOKENS}, Create and encrypt your JSON token: iat more than one hour old`,
    check: (push) => {
      const ageS = tokenAgeS(push);
      return ageS === undefined || ageS <= HOUR_S
        ? undefined
        : { expected: "iat at most an hour ago", actual: `iat ${Math.round(ageS)} s ago` };
    },
  },
  ...(["InvalidProviderToken", "Forbidden"] as const).map((reason): ApnsRule => ({
    id: "apns/authentication",
    mismatch: "wrong-team",
    class: "R",
    status: 403,
    reason,
    source: `${TOKENS}, Team and bundle ID mapping: a different team causes an error [unverified reason]`,
    isInEffect: ({ otherTeamReason }) => otherTeamReason === reason,
    check: (push) => {
      const { boundTo } = push.connection;
      const key = keyOf(push);
      if (key === undefined || boundTo === undefined || key.teamId === boundTo.teamId) return undefined;
      return { expected: `iss ${boundTo.teamId}, as before on this connection`, actual: `iss ${key.teamId}` };
    },
  })),
  ...([FIELD_SPELLING, "BadEnvironmentKeyIdInToken"] as const).map((reason): ApnsRule => ({
    id: "apns/authentication",
    mismatch: "wrong-environment-key",
    class: "R",
    status: 403,
    reason,
    source: `${RESPONSES}, BadEnvironmentKeyIdInToken, spelled otherwise in the field`,
    isInEffect: ({ environmentKeyReason }: ApnsProfile) => environmentKeyReason === reason,
    check: (push, { environment }: ApnsService) => {
      const key = keyOf(push);
      if (key?.environments?.includes(environment) ?? true) return undefined;
      return {
        expected: `a key for the ${environment} environment`,
        actual: `key ${key?.keyId} for ${key?.environments?.join(" and ")}`,
      };
    },
  })),
  {
    id: "apns/authentication",
    mismatch: "unrelated-key",
    class: "R",
    status: 403,
    reason: "UnrelatedKeyIdInToken",
    source: `${RESPONSES}, UnrelatedKeyIdInToken; ${TOKENS}, Team and bundle ID mapping`,
    check: (push) => {
      const { boundTo } = push.connection;
      const key = keyOf(push);
      if (key === undefined || boundTo === undefined || areRelated(boundTo, key)) return undefined;
      return { expected: `key ${boundTo.keyId} or one related to it`, actual: `key ${key.keyId}` };
    },
  },
  {
    id: "apns/authentication",
    mismatch: "scheme-case",
    class: "W",
    orRejects: { fault: "scheme-case", status: 403, reason: "InvalidProviderToken" },
    source: `${TOKENS}, Attach your token to notification requests: bearer <token data>`,
    check: ({ connection, providerToken }) =>
      providerToken.kind !== "read" || providerToken.scheme === "bearer" || connection.clientCertificate !== undefined
        ? undefined
        : { expected: "bearer, in lower case", actual: providerToken.scheme },
  },
];

/** The key of a valid provider token that counts. */
function keyOf({ connection, providerToken }: ApnsPush): ApnsKey | undefined {
  if (connection.clientCertificate !== undefined) return undefined;
  return providerToken.kind === "read" && providerToken.fault === undefined ? providerToken.key : undefined;
}

function tokenAgeS({ connection, providerToken, nowMs }: ApnsPush): number | undefined {
  const issuedAtS = issuedAtOf(providerToken);
  if (connection.clientCertificate !== undefined || issuedAtS === undefined) return undefined;
  return nowMs / 1000 - issuedAtS;
}

function issuedAtOf(reading: ProviderTokenReading): number | undefined {
  return reading.kind === "read" ? reading.issuedAtS : undefined;
}
