import type { Answer } from "./push-connection.ts";
import type { PushResult } from "./push-service.ts";

/** What FCM's answer means for the push and its token (FCM, Error codes for the v1 API). */
export function fcmResult({ status, body }: Answer): PushResult {
  if (status === 200) return { accepted: true, status };
  const error = errorIn(body);
  const unregistered = status === 404 && error.status === "NOT_FOUND";
  // INVALID_ARGUMENT is also said of fields; only the words tell that it is about the token.
  const invalid = status === 400 && /registration token is not a valid/i.test(error.message);
  return { accepted: false, status, ...(unregistered || invalid ? { tokenDead: {} } : {}) };
}

/** How long FCM asks to wait after 429 and 503, in milliseconds; undefined where it names no time (RFC 9110 10.2.3). */
export function retryAfterMs({ status, headers }: Answer, nowMs: number): number | undefined {
  const field = headers["retry-after"]?.trim();
  if ((status !== 429 && status !== 503) || field === undefined) return undefined;
  if (/^\d{1,9}$/.test(field)) return Number(field) * 1000;
  const atMs = Date.parse(field);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

/** A dead endpoint answers with a page, not with JSON. */
function errorIn(body: Buffer): { readonly status: string; readonly message: string } {
  try {
    const { error } = JSON.parse(body.toString("utf8")) as { readonly error?: Readonly<Record<string, unknown>> };
    return { status: String(error?.["status"]), message: String(error?.["message"]) };
  } catch {
    return { status: "", message: "" };
  }
}
