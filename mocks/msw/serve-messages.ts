import type { Clock } from "../../harness/clock/clock.ts";
import { createAccessTokens, type AccessTokens } from "../fcm/access-tokens.ts";
import type { FcmAnswer } from "../fcm/fcm-answer.ts";
import type { FcmCredentials } from "../fcm/fcm-credentials.ts";
import { defaultFcmProfile, type FcmProfile } from "../fcm/fcm-profile.ts";
import type { FcmContext } from "../fcm/fcm-request.ts";
import { judgeFcmRequest, type FcmJudgement } from "../fcm/judge-fcm-request.ts";
import { judgeTokenRequest } from "../fcm/judge-token-request.ts";
import { createMessageIds } from "../fcm/message-ids.ts";
import { createQuota } from "../fcm/quota.ts";
import { scriptedAnswer } from "../fcm/scripted-answer.ts";
import type { HttpAnswer, HttpRequest } from "../http/http-exchange.ts";
import type { PushDecision, PushHooks, PushOutcome, ReceivedPush, TokenDirectory } from "../push/push-hooks.ts";
import type { Serving } from "./fetch-bridge.ts";

export interface MessageServingOptions {
  readonly clock: Clock;
  readonly credentials: FcmCredentials;
  /** The package of the app that current tokens were issued for. Absent: any. */
  readonly packageName?: string;
  /** How long a message for a call may be kept. */
  readonly ttlMaxS: number;
  /** `call`: every message is to make a phone ring. */
  readonly purpose: "call" | "any";
  readonly profile?: Partial<FcmProfile>;
  readonly lookUpToken: TokenDirectory;
  readonly hooks: Pick<PushHooks, "onRequest" | "onResponded" | "onConnection">;
}

/** A simulated FCM and OAuth token endpoint without a listener. */
export interface MessageServing {
  readonly messages: Serving;
  readonly tokenRequests: Serving;
  readonly accessTokens: AccessTokens;
}

/** HTTP/2 INTERNAL_ERROR. */
const INTERNAL_ERROR = 2;

export function serveMessages(options: MessageServingOptions): MessageServing {
  const { clock, credentials, hooks, packageName, purpose, ttlMaxS, lookUpToken } = options;
  const profile: FcmProfile = { ...defaultFcmProfile, ...options.profile };
  const accessTokens = createAccessTokens();
  const context: Omit<FcmContext, "nowMs"> = {
    projectId: credentials.projectId,
    projectNumber: credentials.projectNumber,
    ...(packageName === undefined ? {} : { packageName }),
    ttlMaxS,
    purpose,
    profile,
    lookUpToken,
    readAccess: accessTokens.read,
    isOverQuota: createQuota(profile).isOver,
    nextMessageId: createMessageIds(clock.epochMs),
  };
  /** Pushes whose answer was not handed over yet. */
  const open = new Map<HttpRequest, { readonly push: ReceivedPush; readonly outcome: PushOutcome }>();
  let pushes = 0;

  async function answer(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const judgement = judgeFcmRequest(request, { ...context, nowMs: clock.epochMs + request.receivedAtMs });
    const push = receivedPush(`fcm-push-${++pushes}`, request, judgement);
    const decision = await hooks.onRequest(push);
    const decided = carriedOut(judgement, decision);
    open.set(request, { push, outcome: decided.outcome });
    if (decision.answerDelayMs > 0) await passed(clock, decision.answerDelayMs, signal);
    return decided.answer;
  }

  return {
    accessTokens,
    messages: {
      answer,
      answered(request, outcome) {
        const answered = open.get(request);
        if (answered === undefined) return;
        open.delete(request);
        hooks.onResponded(answered.push, outcome === "sent" ? answered.outcome : { kind: "abandoned" });
      },
    },
    tokenRequests: {
      answer(request) {
        const nowMs = clock.epochMs + request.receivedAtMs;
        const judgement = judgeTokenRequest(request, { nowMs, credentials, profile, accessTokens, audiences: [] });
        const { error, fingerprint, findings } = judgement;
        hooks.onConnection(
          {
            kind: "connection.access-token",
            service: "fcm",
            connection: request.connection.id,
            status: judgement.answer.status,
            ...(error === undefined ? {} : { error }),
            ...(fingerprint === undefined ? {} : { fingerprint }),
          },
          findings,
        );
        return httpAnswer(judgement.answer);
      },
      answered: () => {},
    },
  };
}

function receivedPush(push: string, request: HttpRequest, judgement: FcmJudgement): ReceivedPush {
  const { status, reason } = judgement.answer;
  return {
    service: "fcm",
    push,
    connection: request.connection.id,
    method: request.method,
    path: request.path,
    headers: judgement.headers,
    body: request.body,
    ...(judgement.token === undefined ? {} : { token: judgement.token }),
    findings: judgement.findings,
    verdictByRules: { status, ...(reason === undefined ? {} : { reason }), id: judgement.name },
    ...(judgement.delivery === undefined ? {} : { delivery: judgement.delivery }),
    receivedAtMs: request.receivedAtMs,
  };
}

/** What to answer, and what becomes of the push by it. */
function carriedOut(
  judgement: FcmJudgement,
  decision: PushDecision,
): { readonly answer: HttpAnswer; readonly outcome: PushOutcome } {
  if (decision.kind === "reset") {
    return { answer: { kind: "reset", errorCode: INTERNAL_ERROR }, outcome: { kind: "reset" } };
  }
  const scripted = decision.kind === "status";
  const answer = scripted ? scriptedAnswer(decision, judgement.name) : judgement.answer;
  const { status, reason, retryAfterS } = answer;
  const outcome: PushOutcome = {
    kind: "response",
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(retryAfterS === undefined ? {} : { retryAfterS }),
    scripted,
  };
  return { answer: httpAnswer(answer), outcome };
}

function httpAnswer({ status, headers, body }: FcmAnswer): HttpAnswer {
  return { kind: "respond", status, headers, body };
}

/** Waits so long, or until the signal aborts. */
async function passed(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.after(delayMs, done);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
