import type { HeaderField, HttpAnswer } from "../http/http-exchange.ts";

const JSON_BODY: HeaderField = ["content-type", "application/json"];

/**
 * The response to an accepted push: empty, with `apns-id`, and in the sandbox with `apns-unique-id` (Apple, "Handling
 * notification responses from APNs", Interpret header responses).
 */
export function acceptance(id: string, uniqueId: string | undefined): HttpAnswer {
  const headers: HeaderField[] = [["apns-id", id]];
  if (uniqueId !== undefined) headers.push(["apns-unique-id", uniqueId]);
  return { kind: "respond", status: 200, headers };
}

/**
 * The response to a rejected push: JSON with `reason`, and with 410 `timestamp` in epoch milliseconds (Apple, "Handling
 * notification responses from APNs", Understand error codes).
 */
export function rejection(
  id: string,
  answer: { readonly status: number; readonly reason?: string; readonly timestampMs?: number },
): HttpAnswer {
  const { status, reason, timestampMs } = answer;
  if (reason === undefined) return { kind: "respond", status, headers: [["apns-id", id]] };
  const timestamp = status === 410 && timestampMs !== undefined ? { timestamp: timestampMs } : {};
  const body = JSON.stringify({ reason, ...timestamp });
  return { kind: "respond", status, headers: [["apns-id", id], JSON_BODY], body };
}
