import { randomUUID } from "node:crypto";
import { deviceTokenOf, headerOf } from "./apns-request.ts";
import type { ApnsContext, ApnsRequest } from "./apns-request.ts";
import type { ReceivedPush } from "./apns-hooks.ts";
import { evaluateApnsRequest } from "./apns-rule.ts";
import { apnsRules } from "./apns-rules.ts";
import { redactedAuthorization } from "./provider-token.ts";

/** Judges a complete request by the rules and makes it what the world hears of. */
export function receivedPush(
  push: string,
  request: ApnsRequest,
  context: ApnsContext,
  receivedAtMs: number,
): ReceivedPush {
  const { findings, ...verdict } = evaluateApnsRequest(apnsRules, request, context);
  const token = deviceTokenOf(request.path);
  const authorization = redactedAuthorization(request.providerToken);
  return {
    push,
    connection: request.connection.id,
    method: request.method,
    path: request.path,
    headers: request.headers.map(([name, value]) => [name, name === "authorization" ? authorization : value]),
    body: request.body,
    ...(token === undefined ? {} : { token }),
    findings,
    verdictByRules: { ...verdict, apnsId: apnsIdFor(request, findings) },
    receivedAtMs,
  };
}

/** Echoes a well-formed apns-id; else makes one, in upper case as APNs does. */
function apnsIdFor(request: ApnsRequest, findings: ReceivedPush["findings"]): string {
  const given = headerOf(request, "apns-id");
  const malformed = findings.some(({ rule, mismatch }) => rule === "apns/message-id" && mismatch === "not-a-uuid");
  return given === undefined || malformed ? randomUUID().toUpperCase() : given;
}

/** Raw header fields (name, value, name, value, ...) without the pseudo-headers, repetition kept. */
export function headerFields(rawHeaders: readonly string[]): readonly (readonly [name: string, value: string])[] {
  const fields: (readonly [string, string])[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    if (!name.startsWith(":")) fields.push([name, rawHeaders[i + 1]!]);
  }
  return fields;
}
