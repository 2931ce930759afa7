import type { PayloadPointer, Profile } from "../trace/run-facts.ts";
import type { Platform } from "../trace/trace-event.ts";
import { readPointer } from "../wire/json-pointer.ts";

/** What a push says of its call, read through the profile's pointers; absent where it says nothing, or the profile has no place for it. */
export interface PayloadReading {
  /** As it stands there, UUID or not. */
  readonly callUUID?: string;
  readonly callId?: string;
  readonly hint?: string;
  readonly handle?: string;
  readonly callerName?: string;
  readonly video?: boolean;
  /** Nothing tells which call it is: no object, or nothing at any of the profile's keys (DEVICE-LINK section 3, "malformed"). */
  readonly isMalformed: boolean;
}

export function readPayload(payload: unknown, profile: Profile, platform: Platform): PayloadReading {
  const valueAt = (pointer: PayloadPointer | undefined): unknown => {
    if (pointer === undefined) return undefined;
    return readPointer(payload, typeof pointer === "string" ? pointer : pointer[platform]);
  };
  const { payload: places } = profile;
  const keys = {
    ...textField("callUUID", valueAt(places.callUUID)),
    ...textField("callId", valueAt(places.callId)),
    ...textField("hint", valueAt(places.hint)),
  };
  const video = truthOf(valueAt(places.video));
  return {
    ...keys,
    ...textField("handle", valueAt(places.handle)),
    ...textField("callerName", valueAt(places.callerName)),
    ...(video === undefined ? {} : { video }),
    isMalformed: Object.keys(keys).length === 0,
  };
}

/** The UUID in lower case, in which calls are told apart; undefined for text that is none (RFC 9562 section 4, any variant). */
export function uuidIn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/iu.test(text) ? text.toLowerCase() : undefined;
}

/**
 * Whether two handles hold the same number or address, however they spell it: `tel:+1-555-0100`, `sip:+15550100@a.test` and
 * `+1 555 0100` do (DEVICE-LINK section 3), and so do `sip:zo%C3%AB@a.test` and `zoë@a.test`.
 */
export function sameHandle(a: string, b: string): boolean {
  const one = addressIn(a);
  const other = addressIn(b);
  if (one.user === other.user) return one.host === undefined || other.host === undefined || one.host === other.host;
  // A user part shown alone may hold an "@" that is no separator any more once it is decoded.
  return wholeOf(one) === other.user || wholeOf(other) === one.user;
}

/** Who a handle names; the host says nothing more where the user part is a number. */
interface Address {
  readonly user: string;
  readonly host?: string;
}

function addressIn(handle: string): Address {
  const bare = handle
    .trim()
    .replace(/^[^<]*<([^>]*)>.*$/su, "$1")
    .toLowerCase()
    .replace(/^(?:sips?|tel|mailto):/u, "")
    .replace(/[;?].*$/su, "");
  const at = bare.lastIndexOf("@");
  const user = decoded(at < 0 ? bare : bare.slice(0, at)).toLowerCase();
  if (/^\+?[\d\s().-]*\d[\d\s().-]*$/u.test(user)) return { user: user.replaceAll(/[^+\d]/gu, "") };
  return at < 0 ? { user } : { user, host: bare.slice(at + 1) };
}

function wholeOf({ user, host }: Address): string {
  return host === undefined ? user : `${user}@${host}`;
}

/**
 * "Characters other than those in the "reserved" set [...] are equivalent to their ""%" HEX HEX" encoding." (RFC 3261, 19.1.4) Reserved
 * ones are decoded too: nothing is routed by a handle, and `+49` shows the number of `%2B49`. What is no escape stays as it is.
 */
function decoded(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

/** A key is there when it is a string that is not empty, or a number (DEVICE-LINK section 1). */
function textField<K extends string>(name: K, value: unknown): { readonly [Key in K]?: string } {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text !== "" ? ({ [name]: text } as { readonly [Key in K]: string }) : {};
}

/** Payloads whose values are all strings, as FCM's are, spell it out. */
function truthOf(value: unknown): boolean | undefined {
  if (value === true || value === "true" || value === 1 || value === "1") return true;
  if (value === false || value === "false" || value === 0 || value === "0") return false;
  return undefined;
}
