import type { WireNote } from "../http/http-exchange.ts";
import type { PushFinding } from "../push/push-hooks.ts";
import { errorInfo, googleError, jsonAnswer, notFoundPage } from "./fcm-answer.ts";
import type { FcmAnswer } from "./fcm-answer.ts";
import type { FcmContext, FcmRequest } from "./fcm-request.ts";
import type { FcmRule, Violation } from "./fcm-rule.ts";
import { quotaExceeded } from "./scripted-answer.ts";

const SEND = "Firebase, REST, Method: projects.messages.send";
const MIGRATION = "Firebase, Migrate from legacy FCM APIs to HTTP v1";
const AUTHORIZATION = `${SEND}, Authorization scopes`;
const QUOTAS = "Firebase, FCM throttling and quotas";

/** The scopes that allow to send (discovery document, projects.messages.send). */
const SENDING_SCOPES = new Set([
  "https://www.googleapis.com/auth/cloud-platform",
  "https://www.googleapis.com/auth/firebase.messaging",
]);
const SERVICE = { method: "google.firebase.fcm.v1.FcmService.SendMessage", service: "fcm.googleapis.com" };
const EXPECTED_CREDENTIAL =
  "Expected OAuth 2 access token, login cookie or other valid authentication credential. " +
  "See https://developers.google.com/identity/sign-in/web/devconsole-project.";
const CHALLENGE = 'Bearer realm="https://accounts.google.com/"';

/** The URL, who asks, for which project, and how often: what Google's front end looks at before the message. */
export const accessRules: readonly FcmRule[] = [
  {
    id: "fcm/scheme",
    mismatch: "malformed-scheme",
    class: "W",
    forCalls: false,
    source: "RFC 9113 section 8.3.1, :scheme; RFC 3986 section 3.1",
    check: ({ notes }) => schemeViolation(notes),
  },
  {
    id: "fcm/endpoint",
    mismatch: "legacy-endpoint",
    class: "R",
    source: `${MIGRATION}: shut down from 2024-07-22`,
    check: ({ endpoint, path }) =>
      endpoint.kind === "legacy" ? { expected: "/v1/projects/<project>/messages:send", actual: path } : undefined,
    answer: legacyAnswer,
  },
  {
    id: "fcm/endpoint",
    mismatch: "bad-path",
    class: "R",
    source: `${SEND}, HTTP request`,
    check: ({ endpoint, path }) =>
      endpoint.kind === "other" ? { expected: "/v1/projects/<project>/messages:send", actual: path } : undefined,
    answer: ({ path }) => notFoundPage(path),
  },
  {
    id: "fcm/endpoint",
    mismatch: "method-not-post",
    class: "R",
    source: `${SEND}, HTTP request`,
    check: ({ method }) => (method === "POST" ? undefined : { expected: "POST", actual: method }),
    answer: ({ path }) => notFoundPage(path),
  },
  {
    id: "fcm/authentication",
    mismatch: "missing-access-token",
    class: "R",
    source: AUTHORIZATION,
    check: ({ access }) =>
      access.kind === "none"
        ? { expected: "authorization: Bearer <access token>", actual: "no access token" }
        : undefined,
    answer: () =>
      googleError(
        401,
        `Request is missing required authentication credential. ${EXPECTED_CREDENTIAL}`,
        [errorInfo("CREDENTIALS_MISSING", "googleapis.com", SERVICE)],
        { headers: [["www-authenticate", CHALLENGE]] },
      ),
  },
  {
    id: "fcm/authentication",
    mismatch: "invalid-access-token",
    class: "R",
    source: AUTHORIZATION,
    check: ({ access }) =>
      access.kind === "unknown"
        ? { expected: "an access token of the OAuth token endpoint", actual: "a token it did not issue" }
        : undefined,
    answer: () => invalidCredentials(),
  },
  {
    id: "fcm/authentication",
    mismatch: "expired-access-token",
    class: "R",
    source: `${AUTHORIZATION}; RFC 6749 section 5.1, expires_in`,
    check: ({ access }, { nowMs }) =>
      access.kind === "granted" && access.grant.expiresAtMs <= nowMs
        ? {
            expected: "an access token within its lifetime",
            actual: `one that expired ${Math.round((nowMs - access.grant.expiresAtMs) / 1000)} s ago`,
          }
        : undefined,
    answer: () => invalidCredentials("ACCESS_TOKEN_EXPIRED"),
  },
  {
    id: "fcm/authentication",
    mismatch: "wrong-scope",
    class: "R",
    source: AUTHORIZATION,
    check: ({ access }) =>
      access.kind === "granted" && !access.grant.scopes.some((scope) => SENDING_SCOPES.has(scope))
        ? { expected: [...SENDING_SCOPES].join(" or "), actual: access.grant.scopes.join(" ") }
        : undefined,
    answer: () =>
      googleError(
        403,
        "Request had insufficient authentication scopes.",
        [errorInfo("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "googleapis.com", SERVICE)],
        { headers: [["www-authenticate", `${CHALLENGE}, error="insufficient_scope"`]] },
      ),
  },
  {
    id: "fcm/project",
    mismatch: "wrong-project",
    class: "R",
    source: `${SEND}, Path parameters, parent`,
    check: ({ endpoint }, { projectId, projectNumber }) =>
      endpoint.kind === "send" && endpoint.project !== projectId && endpoint.project !== projectNumber
        ? { expected: projectId, actual: endpoint.project }
        : undefined,
    answer: wrongProjectAnswer,
  },
  {
    id: "fcm/quota",
    mismatch: "project-quota-exceeded",
    class: "R",
    source: `${QUOTAS}, Downstream message throttling: 600k messages per minute`,
    check: (_request, { isOverQuota, nowMs, profile, projectId }) =>
      isOverQuota("project", projectId, nowMs)
        ? { expected: `at most ${profile.messagesPerMinute} messages per minute`, actual: "more" }
        : undefined,
    answer: (_request, { profile, projectId }) =>
      quotaExceeded(
        `project:${projectId}`,
        `More than ${profile.messagesPerMinute} messages per minute.`,
        profile.quotaRetryAfterS,
      ),
  },
];

/** The finding about a request that no message rule looks at. */
export function schemeFinding(notes: readonly WireNote[]): readonly PushFinding[] {
  const violation = schemeViolation(notes);
  return violation === undefined ? [] : [{ rule: "fcm/scheme", mismatch: "malformed-scheme", ...violation }];
}

function schemeViolation(notes: readonly WireNote[]): Violation | undefined {
  const note = notes.find(({ kind }) => kind === "malformed-scheme");
  return note === undefined ? undefined : { expected: ":scheme https", actual: note.detail };
}

function legacyAnswer({ path }: FcmRequest, { profile }: FcmContext): FcmAnswer {
  if (profile.legacyAnswer === "not-found" || !/^\/fcm\/send(?:[/?]|$)/.test(path)) return notFoundPage(path);
  return jsonAnswer(200, {
    multicast_id: 0,
    success: 0,
    failure: 1,
    canonical_ids: 0,
    results: [{ error: "DeprecatedApi" }],
  });
}

function invalidCredentials(reason?: string): FcmAnswer {
  return googleError(
    401,
    `Request had invalid authentication credentials. ${EXPECTED_CREDENTIAL}`,
    reason === undefined ? [] : [errorInfo(reason, "googleapis.com", SERVICE)],
    { headers: [["www-authenticate", `${CHALLENGE}, error="invalid_token"`]] },
  );
}

function wrongProjectAnswer({ endpoint }: FcmRequest, { profile }: FcmContext): FcmAnswer {
  if (profile.wrongProject === "not-found") return googleError(404, "Requested entity was not found.");
  const [project, permission] = [endpoint.kind === "send" ? endpoint.project : "", "cloudmessaging.messages.create"];
  const resource = `//cloudresourcemanager.googleapis.com/projects/${project}`;
  return googleError(403, `Permission '${permission}' denied on resource '${resource}' (or it may not exist).`, [
    errorInfo("IAM_PERMISSION_DENIED", "cloudresourcemanager.googleapis.com", {
      resource: `projects/${project}`,
      permission,
    }),
  ]);
}
