import type { HeaderField } from "../http/http-exchange.ts";

/** Firebase, REST resource ErrorCode. */
export type FcmErrorCode =
  | "UNSPECIFIED_ERROR"
  | "INVALID_ARGUMENT"
  | "UNREGISTERED"
  | "SENDER_ID_MISMATCH"
  | "QUOTA_EXCEEDED"
  | "UNAVAILABLE"
  | "INTERNAL"
  | "THIRD_PARTY_AUTH_ERROR";

/** What FCM or OAuth answers to one request. */
export interface FcmAnswer {
  readonly status: number;
  readonly headers: readonly HeaderField[];
  readonly body: string;
  /** FCM's error code; where Google answered before FCM looked at it, Google's own status (`UNAUTHENTICATED`, ...). Absent with 200. */
  readonly reason?: string;
  /** Sent as `Retry-After`. */
  readonly retryAfterS?: number;
}

/** An element of an error's `details`. */
export type ErrorDetail = Readonly<Record<string, unknown>> & { readonly "@type": string };

export interface FieldViolation {
  readonly field?: string;
  readonly description: string;
}

const JSON_HEADERS: readonly HeaderField[] = [["content-type", "application/json; charset=UTF-8"]];
const HTML_HEADERS: readonly HeaderField[] = [["content-type", "text/html; charset=UTF-8"]];

/** Google API design guide, "Errors": the name of each HTTP status. */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  409: "ABORTED",
  429: "RESOURCE_EXHAUSTED",
  499: "CANCELLED",
  500: "INTERNAL",
  501: "UNIMPLEMENTED",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

export function fcmError(errorCode: string): ErrorDetail {
  return { "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", errorCode };
}

/** Without violations the detail has no such field at all, as with a message that is too large. */
export function badRequest(...fieldViolations: readonly FieldViolation[]): ErrorDetail {
  return {
    "@type": "type.googleapis.com/google.rpc.BadRequest",
    ...(fieldViolations.length === 0 ? {} : { fieldViolations }),
  };
}

export function errorInfo(reason: string, domain: string, metadata: Readonly<Record<string, string>>): ErrorDetail {
  return { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain, metadata };
}

/** An error in Google's form; the error code is that of the `FcmError` among `details`, if any. */
export function googleError(
  status: number,
  message: string,
  details: readonly ErrorDetail[] = [],
  more: { readonly headers?: readonly HeaderField[]; readonly retryAfterS?: number } = {},
): FcmAnswer {
  const name = STATUS_NAMES[status] ?? "UNKNOWN";
  const code = details.find(({ errorCode }) => errorCode !== undefined)?.["errorCode"];
  const { retryAfterS } = more;
  return {
    status,
    headers: [
      ...JSON_HEADERS,
      ...(more.headers ?? []),
      ...(retryAfterS === undefined ? [] : [["retry-after", `${retryAfterS}`] as const]),
    ],
    body: pretty({ error: { code: status, message, status: name, ...(details.length === 0 ? {} : { details }) } }),
    reason: typeof code === "string" ? code : name,
    ...(retryAfterS === undefined ? {} : { retryAfterS }),
  };
}

export function accepted(name: string): FcmAnswer {
  return { status: 200, headers: JSON_HEADERS, body: `{\n  "name": ${JSON.stringify(name)}\n}\n` };
}

export function jsonAnswer(status: number, value: unknown): FcmAnswer {
  return { status, headers: JSON_HEADERS, body: pretty(value) };
}

/** The page of Google's front end: for a URL or method that no service behind it has, and where one failed. */
export function htmlPage(status: number, what: string): FcmAnswer {
  const titles: Readonly<Record<number, string>> = { 404: "Not Found", 405: "Method Not Allowed", 502: "Server Error" };
  const title = `Error ${status} (${titles[status] ?? "Server Error"})!!1`;
  return {
    status,
    headers: HTML_HEADERS,
    body:
      `<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n  <title>${title}</title>\n` +
      `  <p><b>${status}.</b> <ins>That’s an error.</ins>\n  <p>${what}  <ins>That’s all we know.</ins>\n`,
    reason: STATUS_NAMES[status] ?? "UNKNOWN",
  };
}

export function notFoundPage(path: string): FcmAnswer {
  const escaped = path.slice(0, 200).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  return htmlPage(404, `The requested URL <code>${escaped}</code> was not found on this server.`);
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
