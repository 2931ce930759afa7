import type { Call, PushForm } from "../../../harness/plan/plan.ts";
import type { PayloadPointer, Profile } from "../../../harness/trace/run-facts.ts";
import type { Platform } from "../../../harness/trace/trace-event.ts";
import { userOf } from "../../../harness/wire/sip-uri.ts";
import type { CallPersona } from "../identities.ts";

/** What a push service takes, in bytes: APNs of a VoIP push (Apple, "Generating a remote notification"), FCM of the data of a message. */
const MOST_BYTES: Readonly<Record<Platform, number>> = { ios: 5120, android: 4096 };

/** A text that is no UUID (RFC 9562 section 4). */
const NO_UUID = "not-a-uuid";
const NO_OBJECT = "not an object";

export interface ClientPayload {
  /** iOS: the PushKit dictionary, or what stands in its place. Android: the data of the message, whose values are strings. */
  readonly payload: unknown;
  /** Present: the push service would not have taken it, and why. */
  readonly refused?: string;
}

/** The payload of a push about a call, written through the pointers of the profile. */
export function clientPayload(
  form: PushForm,
  platform: Platform,
  profile: Profile,
  call: Call,
  persona: CallPersona,
): ClientPayload {
  const payload = payloadOf(form, platform, profile, call, persona);
  const bytes = Buffer.byteLength(JSON.stringify(payload));
  const most = MOST_BYTES[platform];
  return bytes > most ? { payload, refused: `its payload has ${bytes} bytes, and ${most} are allowed` } : { payload };
}

function payloadOf(form: PushForm, platform: Platform, profile: Profile, call: Call, persona: CallPersona): unknown {
  if (form === "no-keys") return empty(platform);
  if (form === "not-an-object") return withoutObjects(platform, profile);
  const { payload: places } = profile;
  const document = empty(platform);
  const write = (place: PayloadPointer | undefined, value: string | boolean): void => {
    if (place !== undefined) writePointer(document, tokensOf(place, platform), value, platform);
  };
  const { callUUID, callId, hint } = persona.push;
  write(places.callUUID, form === "bad-uuid" ? NO_UUID : callUUID);
  write(places.callId, callId);
  write(places.hint, hint);
  if (form !== "no-caller") {
    // The number itself: what a URI has to escape in it, a payload has not.
    write(places.handle, userOf(persona.callerUri) ?? persona.callerUser);
    write(places.callerName, persona.callerName);
  }
  write(places.video, call.video);
  const { cancelByPush } = profile;
  if (form === "cancel" && cancelByPush !== false) write(cancelByPush.pointer, cancelByPush.value);
  return document;
}

/** The value of the header field that ties an INVITE to its push, which equals the first of these that the push carries. */
export function correlationKey({ payload }: Profile, { push }: CallPersona): string {
  if (payload.hint !== undefined) return push.hint;
  return payload.callId !== undefined ? push.callId : push.callUUID;
}

type Document = Record<string, unknown>;

function empty(platform: Platform): Document {
  return platform === "ios" ? { aps: {} } : {};
}

/** What stands where the profile's pointers enter an object: the whole payload, or its members that hold the keys. FCM's data is always one. */
function withoutObjects(platform: Platform, { payload: places }: Profile): unknown {
  const paths = Object.values(places).map((place) => tokensOf(place, platform));
  const holders = paths.flatMap(([first, ...rest]) => (first === undefined || rest.length === 0 ? [] : [first]));
  if (holders.length === 0) return platform === "ios" ? NO_OBJECT : {};
  return { ...empty(platform), ...Object.fromEntries(holders.map((name) => [name, NO_OBJECT])) };
}

/** The tokens of a JSON pointer (RFC 6901 section 4). */
function tokensOf(place: PayloadPointer, platform: Platform): readonly string[] {
  const pointer = typeof place === "string" ? place : place[platform];
  return pointer
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** In FCM's data every value is a string, and what is below it is a JSON text of its own. */
function writePointer(
  document: Document,
  [first, ...rest]: readonly string[],
  value: string | boolean,
  platform: Platform,
): void {
  if (first === undefined) return;
  if (rest.length === 0) {
    document[first] = platform === "android" ? String(value) : value;
    return;
  }
  const inner = platform === "android" ? objectIn(document[first]) : asObject(document[first]);
  writeInside(inner, rest, value);
  document[first] = platform === "android" ? JSON.stringify(inner) : inner;
}

function writeInside(document: Document, [first, ...rest]: readonly string[], value: string | boolean): void {
  if (first === undefined) return;
  if (rest.length === 0) {
    document[first] = value;
    return;
  }
  const inner = asObject(document[first]);
  writeInside(inner, rest, value);
  document[first] = inner;
}

function objectIn(text: unknown): Document {
  return typeof text === "string" ? asObject(JSON.parse(text) as unknown) : {};
}

function asObject(value: unknown): Document {
  return typeof value === "object" && value !== null ? (value as Document) : {};
}
