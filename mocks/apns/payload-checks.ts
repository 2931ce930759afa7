import { headerOf } from "./apns-request.ts";
import type { ApnsRequest } from "./apns-request.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

export function isCompressed(request: ApnsRequest): boolean {
  const encoding = headerOf(request, "content-encoding");
  return encoding !== undefined && encoding.toLowerCase() !== "identity";
}

/** Why the bytes are no JSON object in UTF-8 (RFC 8259 section 8.1), in words; undefined where they are one. */
export function jsonObjectProblem(body: Uint8Array): string | undefined {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return "bytes that are not UTF-8";
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "text that is not JSON";
  }
  if (Array.isArray(value)) return "a JSON array";
  if (value === null) return "JSON null";
  return typeof value === "object" ? undefined : `a JSON ${typeof value}`;
}
