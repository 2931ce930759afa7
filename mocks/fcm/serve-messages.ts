import type { Clock } from "../../harness/clock/clock.ts";
import type { ConnectionEvent } from "../../harness/trace/trace-event.ts";
import type { HttpAnswer, HttpOutcome, HttpRequest } from "../http/http-exchange.ts";
import { pendingPushes } from "../push/pending-pushes.ts";
import type { PushDecision, PushHooks, PushOutcome, ReceivedPush, TokenDirectory } from "../push/push-hooks.ts";
import { createAccessTokens, type AccessTokens } from "./access-tokens.ts";
import { schemeFinding } from "./access-rules.ts";
import type { FcmAnswer } from "./fcm-answer.ts";
import type { FcmCredentials } from "./fcm-credentials.ts";
import { defaultFcmProfile, type FcmProfile } from "./fcm-profile.ts";
import type { FcmContext } from "./fcm-request.ts";
import { judgeFcmRequest, type FcmJudgement } from "./judge-fcm-request.ts";
import { judgeTokenRequest } from "./judge-token-request.ts";
import { createMessageIds } from "./message-ids.ts";
import { createQuota } from "./quota.ts";
import { scriptedAnswer } from "./scripted-answer.ts";
import { seenTokens } from "./seen-tokens.ts";

/** What a simulated FCM is told of its world. */
export interface FcmServiceOptions {
  readonly credentials: FcmCredentials;
  /** The package of the app that current tokens were issued for. Absent: any. */
  readonly packageName?: string;
  /** How long a message for a call may be kept (`profile.limits.fcmTtlMaxS`). */
  readonly ttlMaxS: number;
  /**
   * `call`: every message is to make a phone ring, so that one that cannot (normal priority, a `notification`, ...) draws a
   * finding. `any`: only what is wrong for every message does.
   * @default "call"
   */
  readonly purpose?: "call" | "any";
  /** Decides about what Google does not publish. @default defaultFcmProfile */
  readonly profile?: Partial<FcmProfile>;
  readonly lookUpToken: TokenDirectory;
}

interface Parts extends FcmServiceOptions {
  readonly clock: Clock;
  readonly hooks: Pick<PushHooks, "onRequest" | "onResponded" | "onConnection">;
}

/** A simulated FCM and OAuth token endpoint without its listener. */
export interface MessageServing {
  readonly accessTokens: AccessTokens;
  /** `audiences`: further URLs of the token endpoint beside Google's own. */
  answerTokenRequest(request: HttpRequest, audiences: readonly string[]): HttpAnswer;
  answer(request: HttpRequest, signal: AbortSignal): HttpAnswer | Promise<HttpAnswer>;
  answered(request: HttpRequest, outcome: HttpOutcome): void;
  /** The connection is gone. */
  closed(connection: string): void;
}

/** HTTP/2 INTERNAL_ERROR. Not REFUSED_STREAM, which would say that the message was not looked at (RFC 9113 section 8.7). */
const INTERNAL_ERROR = 2;
const ACCEPTED: PushOutcome = { kind: "response", status: 200, scripted: false };
const ACCEPTED_BY_SCRIPT: PushOutcome = { kind: "response", status: 200, scripted: true };

export function serveMessages(options: Parts): MessageServing {
  const { clock, credentials, hooks } = options;
  const profile: FcmProfile = { ...defaultFcmProfile, ...options.profile };
  const accessTokens = createAccessTokens();
  const seen = seenTokens();
  const quota = createQuota(profile);
  /** Of the request that is being judged. */
  let nowMs = clock.epochMs;
  const context: FcmContext = {
    get nowMs() {
      return nowMs;
    },
    projectId: credentials.projectId,
    projectNumber: credentials.projectNumber,
    ...(options.packageName === undefined ? {} : { packageName: options.packageName }),
    ttlMaxS: options.ttlMaxS,
    purpose: options.purpose ?? "call",
    profile,
    lookUpToken: options.lookUpToken,
    readAccess: accessTokens.read,
    isOverQuota: quota.isOver,
    nextMessageId: createMessageIds(clock.epochMs),
  };
  const pending = pendingPushes();
  let pushes = 0;

  return {
    accessTokens,
    answerTokenRequest,
    answer: answerMessage,
    answered(request, outcome) {
      const answered = pending.take(request);
      if (answered === undefined) return;
      hooks.onResponded(answered.push, outcome === "sent" ? answered.outcome : { kind: "abandoned" });
    },
    closed: seen.forget,
  };

  function answerTokenRequest(request: HttpRequest, audiences: readonly string[]): HttpAnswer {
    nowMs = clock.epochMs + request.receivedAtMs;
    const judgement = judgeTokenRequest(request, { nowMs, credentials, profile, accessTokens, audiences });
    const { answer, error, fingerprint } = judgement;
    const event: ConnectionEvent = {
      kind: "connection.access-token",
      service: "fcm",
      connection: request.connection.id,
      status: answer.status,
      ...(error === undefined ? {} : { error }),
      ...(fingerprint === undefined ? {} : { fingerprint }),
    };
    hooks.onConnection(event, [...schemeFinding(request.notes), ...judgement.findings]);
    return httpAnswer(answer);
  }

  function answerMessage(request: HttpRequest, signal: AbortSignal): HttpAnswer | Promise<HttpAnswer> {
    nowMs = clock.epochMs + request.receivedAtMs;
    const judgement = judgeFcmRequest(request, context);
    noteAccessToken(request.connection.id, judgement);
    const push = receivedPush(`fcm-push-${++pushes}`, request, judgement);
    const decision = hooks.onRequest(push);
    return "kind" in decision
      ? carryOut(request, push, judgement, decision, signal)
      : decision.then((late) => carryOut(request, push, judgement, late, signal));
  }

  function carryOut(
    request: HttpRequest,
    push: ReceivedPush,
    judgement: FcmJudgement,
    decision: PushDecision,
    signal: AbortSignal,
  ): HttpAnswer | Promise<HttpAnswer> {
    const { answer, outcome } = decided(judgement, decision);
    pending.add({ request, push, outcome });
    return decision.answerDelayMs > 0 ? later(answer, decision.answerDelayMs, signal) : answer;
  }

  async function later(answer: HttpAnswer, delayMs: number, signal: AbortSignal): Promise<HttpAnswer> {
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        signal.removeEventListener("abort", done);
        resolve(answer);
      };
      const cancel = clock.after(delayMs, done);
      signal.addEventListener("abort", done);
      if (signal.aborted) done();
    });
  }

  function noteAccessToken(connection: string, { access }: FcmJudgement): void {
    if (access.kind === "none" || !seen.isNew(connection, access.fingerprint)) return;
    const issuedAtS = access.kind === "granted" ? { issuedAtS: Math.floor(access.grant.issuedAtMs / 1000) } : {};
    const { fingerprint } = access;
    hooks.onConnection(
      { kind: "connection.provider-token", service: "fcm", connection, fingerprint, ...issuedAtS },
      [],
    );
  }
}

function receivedPush(push: string, request: HttpRequest, judgement: FcmJudgement): ReceivedPush {
  const { answer, content, delivery, findings, headers, name, token } = judgement;
  const { status, reason } = answer;
  return {
    service: "fcm",
    push,
    connection: request.connection.id,
    method: request.method,
    path: request.path,
    headers,
    body: request.body,
    content,
    findings,
    verdictByRules: reason === undefined ? { status, id: name } : { status, reason, id: name },
    receivedAtMs: request.receivedAtMs,
    ...(token === undefined ? undefined : { token }),
    ...(delivery === undefined ? undefined : { delivery }),
  };
}

/** What to answer, and what becomes of the push by it. */
function decided(
  judgement: FcmJudgement,
  decision: PushDecision,
): { readonly answer: HttpAnswer; readonly outcome: PushOutcome } {
  if (decision.kind === "reset") {
    return { answer: { kind: "reset", errorCode: INTERNAL_ERROR }, outcome: { kind: "reset" } };
  }
  const answer = decision.kind === "status" ? scriptedAnswer(decision, judgement.name) : judgement.answer;
  return { answer: httpAnswer(answer), outcome: outcomeOf(answer, decision.kind === "status") };
}

function outcomeOf({ status, reason, retryAfterS }: FcmAnswer, scripted: boolean): PushOutcome {
  if (status === 200 && reason === undefined && retryAfterS === undefined) {
    return scripted ? ACCEPTED_BY_SCRIPT : ACCEPTED;
  }
  return {
    kind: "response",
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(retryAfterS === undefined ? {} : { retryAfterS }),
    scripted,
  };
}

function httpAnswer({ status, headers, body }: FcmAnswer): HttpAnswer {
  return { kind: "respond", status, headers, body };
}
