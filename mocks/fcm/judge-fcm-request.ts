import type { HeaderField } from "../http/http-exchange.ts";
import type { BodyContent, PushDelivery, PushFinding } from "../push/push-hooks.ts";
import { redactedFields } from "../push/redacted-fields.ts";
import type { AccessReading } from "./access-tokens.ts";
import { accepted } from "./fcm-answer.ts";
import type { FcmAnswer } from "./fcm-answer.ts";
import { readFcmRequest } from "./fcm-request.ts";
import type { FcmContext, FcmHttpRequest, FcmRequest } from "./fcm-request.ts";
import { evaluateFcmRequest } from "./fcm-rule.ts";
import { fcmRules } from "./fcm-rules.ts";
import { MAX_TTL_S } from "./message-rules.ts";

/** What FCM's rules say to one request. */
export interface FcmJudgement {
  readonly answer: FcmAnswer;
  /** The name an accepted message has, or would have: `projects/<project>/messages/<id>`. */
  readonly name: string;
  readonly findings: readonly PushFinding[];
  /** The device token it names, also where it was refused. */
  readonly token: string | undefined;
  /** Where an Android device gets it. */
  readonly delivery: PushDelivery | undefined;
  readonly access: AccessReading;
  readonly content: BodyContent;
  /** As received, but for `authorization`, which is what the access token is for. */
  readonly headers: readonly HeaderField[];
}

/** Judges one request by FCM's rules. Pure but for the quota it counts against and the access token it looks up. */
export function judgeFcmRequest(http: FcmHttpRequest, context: FcmContext): FcmJudgement {
  const request = readFcmRequest(http, context);
  const { refusal, findings } = evaluateFcmRequest(fcmRules, request, context);
  const name = `projects/${context.projectId}/messages/${messageIdOf(request, context)}`;
  return {
    answer: refusal ?? accepted(name),
    name,
    findings,
    token: request.token,
    delivery: refusal === undefined ? deliveryOf(request, context.nowMs) : undefined,
    access: request.access,
    content: request.body,
    headers: redactedFields(http.headers, request.access.redacted),
  };
}

function messageIdOf({ content }: FcmRequest, { profile, nextMessageId }: FcmContext): string {
  return content.kind === "read" && content.validateOnly ? profile.validateOnlyId : nextMessageId();
}

function deliveryOf({ content, device, effective }: FcmRequest, nowMs: number): PushDelivery | undefined {
  if (content.kind !== "read" || content.validateOnly || device === undefined || effective === undefined)
    return undefined;
  const { data: payload, priority, ttlS = MAX_TTL_S, collapseKey } = effective;
  const slot = collapseKey === undefined ? undefined : { slot: collapseKey };
  // `ttl` 0 is "now or never" (Firebase, "Set the lifespan of a message").
  if (ttlS === 0) return { payload, stored: false, priority, ...slot };
  return { payload, expiresAtMs: nowMs + ttlS * 1000, stored: true, priority, ...slot };
}
