import { plainProfile, pointerFor, type Platform, type Profile } from "../profile.ts";

/** The vendor dialect as `initialize` tells it: that of the servers, without what only they need. */
export type LinkProfile = Omit<Profile, "tokenLifetime"> & {
  readonly cancelByPush?: false | { readonly pointer: string; readonly value: string };
};

/** What goes into a REGISTER. */
export interface PushRegistration {
  readonly provider: string;
  readonly param: string;
  readonly token: string | undefined;
}

/** Parameters of the Contact URI; those that hold the token only where there is one and `withToken`. Empty without a token. */
export function contactParams(
  { registration }: LinkProfile,
  push: PushRegistration,
  withToken = true,
): readonly (readonly [string, string])[] {
  if (push.token === undefined) return [];
  const unsaid = registration.header === undefined ? plainProfile.registration.contactParams : undefined;
  return Object.entries(registration.contactParams ?? unsaid ?? {})
    .filter(([, template]) => withToken || !template.includes("<token>"))
    .map(([name, template]) => [name, filled(template, push)]);
}

/** The header field of a REGISTER that tells the token. */
export function tokenHeader(
  { registration: { header } }: LinkProfile,
  push: PushRegistration,
): { readonly name: string; readonly value: string } | undefined {
  if (header === undefined || push.token === undefined) return undefined;
  return { name: header.name, value: filled(header.value, push) };
}

function filled(template: string, { provider, param, token = "" }: PushRegistration): string {
  return template.replace("<provider>", provider).replace("<param>", param).replace("<token>", token);
}

/** What a push says about its call; what it leaves out is absent. */
export interface PushedCall {
  readonly callUUID?: string;
  readonly callId?: string;
  readonly hint?: string;
  readonly handle?: string;
  readonly callerName?: string;
  readonly video?: boolean;
  /** The profile says that this push takes a call back. */
  readonly isCancel: boolean;
}

/** Reads the payload by the profile's pointers. Undefined: malformed, nothing in it tells which call it is about. */
export function readPush(profile: LinkProfile, platform: Platform, payload: unknown): PushedCall | undefined {
  const { payload: pointers, cancelByPush } = profile;
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) return undefined;
  const at = (name: keyof LinkProfile["payload"]): unknown => {
    const pointer = pointers[name];
    return pointer === undefined ? undefined : valueAt(payload, pointerFor(platform, pointer));
  };
  const callUUID = keyOf(at("callUUID"));
  const callId = keyOf(at("callId"));
  const hint = keyOf(at("hint"));
  const hasPointer = pointers.callUUID !== undefined || pointers.callId !== undefined || pointers.hint !== undefined;
  if (hasPointer && callUUID === undefined && callId === undefined && hint === undefined) return undefined;
  const handle = keyOf(at("handle"));
  const callerName = keyOf(at("callerName"));
  const video = flagOf(at("video"));
  const isCancel =
    typeof cancelByPush === "object" && keyOf(valueAt(payload, cancelByPush.pointer)) === cancelByPush.value;
  return {
    isCancel,
    ...(callUUID === undefined ? {} : { callUUID }),
    ...(callId === undefined ? {} : { callId }),
    ...(hint === undefined ? {} : { hint }),
    ...(handle === undefined ? {} : { handle }),
    ...(callerName === undefined ? {} : { callerName }),
    ...(video === undefined ? {} : { video }),
  };
}

/** RFC 6901; a string on the way is read as JSON. */
function valueAt(payload: unknown, pointer: string): unknown {
  let value = payload;
  for (const part of pointer.split("/").slice(1)) {
    if (typeof value === "string") value = jsonIn(value);
    if (typeof value !== "object" || value === null) return undefined;
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    value = Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
  }
  return value;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function keyOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Vendors write it as a boolean or as text. */
function flagOf(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "1" || value === 1) return true;
  return value === "false" || value === "0" || value === 0 ? false : undefined;
}

/** What the INVITE of a pushed call repeats: in a header field where the profile has one, else as its Call-ID. */
export function correlateOf({ correlation }: LinkProfile, { hint, callId, callUUID }: PushedCall): string | undefined {
  return correlation.sip === "call-id" ? callId : (hint ?? callId ?? callUUID);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The text where it is a UUID (RFC 9562), else undefined. */
export function uuidIn(text: string | undefined): string | undefined {
  return text !== undefined && UUID.test(text) ? text : undefined;
}
