import { bodyText } from "../push/body-text.ts";
import type { BodyContent } from "../push/push-hooks.ts";
import { readProtoJson } from "./read-proto-json.ts";
import type { FieldProblem } from "./read-proto-json.ts";
import { sendMessageRequest } from "./fcm-schema.ts";

/** The parts of `google.firebase.fcm.v1.Message` that decide something here. */
export interface FcmMessage {
  readonly token?: string;
  readonly topic?: string;
  readonly condition?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly notification?: Readonly<Record<string, unknown>>;
  readonly android?: AndroidConfig;
  readonly androidV2?: Omit<AndroidConfig, "priority">;
  readonly apns?: Readonly<Record<string, unknown>>;
}

export interface AndroidConfig {
  readonly collapseKey?: string;
  readonly priority?: string;
  /** Seconds, with a fraction. */
  readonly ttl?: number;
  readonly restrictedPackageName?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly notification?: Readonly<Record<string, unknown>>;
  readonly remoteNotification?: Readonly<Record<string, unknown>>;
}

/** What the body of a request says. */
export type FcmContent =
  /** Longer than what is read of one. */
  | { readonly kind: "cut" }
  | { readonly kind: "not-json"; readonly why: string }
  /** Sent as an HTML form, as `curl -d` does without a content type; `name` is the form field that the front end sees. */
  | { readonly kind: "form"; readonly name: string }
  | { readonly kind: "not-an-object"; readonly seen: string }
  | { readonly kind: "misread"; readonly problems: readonly FieldProblem[] }
  | { readonly kind: "no-message" }
  | { readonly kind: "read"; readonly validateOnly: boolean; readonly message: FcmMessage };

/** What an Android device would get of a message, defaults filled in (Firebase, REST resource projects.messages). */
export interface EffectiveMessage {
  readonly data: Readonly<Record<string, string>>;
  readonly priority: "high" | "normal";
  /** Whole seconds, rounded down. */
  readonly ttlS: number | undefined;
  readonly collapseKey: string | undefined;
  readonly hasNotification: boolean;
}

/** What FCM makes of the body, and the device token it names, also where the rest cannot be read. */
export interface FcmBody {
  readonly body: BodyContent;
  readonly content: FcmContent;
  readonly token: string | undefined;
}

export function readFcmBody(
  bytes: Uint8Array,
  how: { readonly isCut: boolean; readonly contentType: string },
): FcmBody {
  // Bytes that are not UTF-8 are replaced, not refused, by Google's reader too.
  const text = bodyText(bytes);
  if (how.isCut) return unread({ kind: "cut" }, text);
  if (how.contentType.startsWith("application/x-www-form-urlencoded")) {
    return unread({ kind: "form", name: text.split(/[=&]/, 1)[0] ?? "" }, text);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // No body is an empty request.
    return text.trim() === ""
      ? { body: { text }, content: { kind: "no-message" }, token: undefined }
      : unread({ kind: "not-json", why: "text that is not JSON" }, text);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    const seen = Array.isArray(parsed) ? "a JSON array" : parsed === null ? "JSON null" : `a JSON ${typeof parsed}`;
    return unread({ kind: "not-an-object", seen }, text);
  }
  const body = { text, json: parsed };
  const { value, problems } = readProtoJson(sendMessageRequest, parsed);
  const message = value["message"] as FcmMessage | undefined;
  const named = message?.token ?? recipientWithin(parsed);
  const token = named === "" ? undefined : named;
  if (problems.length > 0) return { body, content: { kind: "misread", problems }, token };
  if (message === undefined) return { body, content: { kind: "no-message" }, token };
  return { body, content: { kind: "read", validateOnly: value["validateOnly"] === true, message }, token };
}

function unread(content: FcmContent, text: string): FcmBody {
  return { body: { text }, content, token: tokenWithin(text) };
}

/** What looks like a registration token within a body that cannot be read. */
function tokenWithin(text: string): string | undefined {
  const middle = text.indexOf(":APA91");
  if (middle === -1) return undefined;
  const before = /[\w-]{1,64}$/.exec(text.slice(Math.max(0, middle - 64), middle))?.[0] ?? "";
  const after = /^[\w-]*/.exec(text.slice(middle + 1))?.[0] ?? "";
  return `${before}:${after}`;
}

/** The token of a message that could not be read; else `to` or the first of `registration_ids`, as the shut down protocols have it. */
function recipientWithin(parsed: object): string | undefined {
  const { message, to, registration_ids: ids } = parsed as Readonly<Record<string, unknown>>;
  const token =
    typeof message === "object" && message !== null ? (message as { readonly token?: unknown }).token : undefined;
  const recipient: unknown = token ?? to ?? (Array.isArray(ids) ? ids[0] : undefined);
  return typeof recipient === "string" ? recipient : undefined;
}

export function effectiveMessage(message: FcmMessage): EffectiveMessage {
  const android: AndroidConfig | undefined = message.android ?? message.androidV2;
  const hasNotification =
    message.notification !== undefined ||
    android?.notification !== undefined ||
    android?.remoteNotification !== undefined;
  const priority = android?.priority ?? (hasNotification ? "HIGH" : "NORMAL");
  return {
    data: android?.data ?? message.data ?? {},
    priority: priority === "HIGH" ? "high" : "normal",
    ttlS: android?.ttl === undefined ? undefined : Math.floor(android.ttl),
    collapseKey: android?.collapseKey === "" ? undefined : android?.collapseKey,
    hasNotification,
  };
}
