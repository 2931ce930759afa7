import type { HeaderField, HttpRequest, WireNote } from "../http/http-exchange.ts";
import type { BodyContent, TokenDirectory } from "../push/push-hooks.ts";
import type { AccessReading } from "./access-tokens.ts";
import { effectiveMessage, readFcmBody } from "./fcm-message.ts";
import type { EffectiveMessage, FcmContent, FcmMessage } from "./fcm-message.ts";
import type { FcmProfile } from "./fcm-profile.ts";

/** One request as it came, over whichever protocol. */
export type FcmHttpRequest = Pick<HttpRequest, "method" | "path" | "headers" | "body" | "isCut" | "notes">;

/** What the rules measure a request against. */
export interface FcmContext {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  readonly projectId: string;
  readonly projectNumber: string;
  /** The package current tokens were issued for, where the directory says nothing else. Absent: any. */
  readonly packageName?: string;
  /** How long a message for a call may be kept. */
  readonly ttlMaxS: number;
  /** Whether every message is to make a phone ring. */
  readonly purpose: "call" | "any";
  readonly profile: FcmProfile;
  readonly lookUpToken: TokenDirectory;
  /** Reads the value of an `authorization` header. */
  readonly readAccess: (authorization: string | undefined) => AccessReading;
  /** Counts a message against a quota; true once it is used up. */
  readonly isOverQuota: (of: "project" | "token", name: string, nowMs: number) => boolean;
  /** `0:<id>%<hex>`, unique. */
  readonly nextMessageId: () => string;
}

/** A request as the rules see it: read, but not judged. */
export interface FcmRequest {
  readonly method: string;
  readonly path: string;
  readonly notes: readonly WireNote[];
  readonly endpoint: Endpoint;
  readonly access: AccessReading;
  readonly body: BodyContent;
  readonly content: FcmContent;
  /** The device token it names, also where the rest cannot be read. */
  readonly token: string | undefined;
  /** With a content that was read. */
  readonly message: FcmMessage | undefined;
  readonly effective: EffectiveMessage | undefined;
  /** What the service knows of `message.token`. */
  readonly device: ReturnType<TokenDirectory> | undefined;
}

export type Endpoint =
  | { readonly kind: "send"; readonly project: string }
  /** A URL of the protocols that Google shut down. */
  | { readonly kind: "legacy" }
  | { readonly kind: "other" };

const SEND = /^\/v1\/projects\/([^/?#]+)\/messages(?::|%3[Aa])send(?:\?|$)/;
/** Legacy HTTP and XMPP, GCM and batch sends. Not `/iid/`, by which topics are still managed, on another host. */
const LEGACY = /^\/(?:fcm|gcm|batch)(?:[/?:]|$)/;

export function readFcmRequest(request: FcmHttpRequest, context: FcmContext): FcmRequest {
  const { method, path, headers, notes } = request;
  const { body, content, token } = readFcmBody(request.body, {
    isCut: request.isCut,
    contentType: headerOf(headers, "content-type") ?? "",
  });
  const message = content.kind === "read" ? content.message : undefined;
  const addressed = message?.token;
  return {
    method,
    path,
    notes,
    endpoint: endpointOf(path),
    access: context.readAccess(headerOf(headers, "authorization")),
    body,
    content,
    token,
    message,
    effective: message === undefined ? undefined : effectiveMessage(message),
    device: addressed === undefined || addressed === "" ? undefined : context.lookUpToken(addressed),
  };
}

/** The first value of a header, or undefined. */
export function headerOf(headers: readonly HeaderField[], name: string): string | undefined {
  for (const field of headers) if (field[0] === name) return field[1];
  return undefined;
}

function endpointOf(path: string): Endpoint {
  const project = SEND.exec(path)?.[1];
  if (project !== undefined) return { kind: "send", project: decoded(project) };
  return { kind: LEGACY.test(path) ? "legacy" : "other" };
}

function decoded(segment: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
