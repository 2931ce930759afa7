import type { Fault } from "./faults.ts";
import { pointerFor, type Platform, type Profile } from "./profile.ts";

/** What a push says about its call. */
export interface PushedCall {
  readonly callUuid: string;
  /** Call-ID of the phone's leg. */
  readonly callId: string;
  /** Opaque; the INVITE repeats it where the profile ties them by a header. */
  readonly hint: string;
  /** User part of the caller's URI. */
  readonly handle: string;
  readonly callerName: string;
  readonly video: boolean;
}

/** What is said of the call, each member where the profile's pointer for the platform puts it. */
export function callDocument(profile: Profile, platform: Platform, call: PushedCall): Record<string, unknown> {
  const document: Record<string, unknown> = {};
  const { payload } = profile;
  const members = [
    [payload.callUUID, call.callUuid],
    [payload.callId, call.callId],
    [payload.hint, call.hint],
    [payload.handle, call.handle],
    [payload.callerName, call.callerName],
    [payload.video, call.video],
  ] as const;
  for (const [pointer, value] of members) {
    if (pointer !== undefined && value !== "") put(document, pointerFor(platform, pointer), value);
  }
  return document;
}

/** Cuts an overlong caller until what is made of the call fits. */
export function fitting<T>(call: PushedCall, make: (call: PushedCall) => T, fits: (made: T) => boolean): T {
  let told = call;
  let made = make(told);
  while (!fits(made) && told.callerName + told.handle !== "") {
    const long = told.callerName === "" ? "handle" : "callerName";
    told = { ...told, [long]: firstHalf(told[long]) };
    made = make(told);
  }
  return made;
}

function firstHalf(text: string): string {
  const characters = Array.from(text);
  return characters.slice(0, Math.floor(characters.length / 2)).join("");
}

/** What a faulty server says of the call instead. */
export function distorted(call: PushedCall, fault: Fault): PushedCall {
  if (fault === "payload-without-call-id") return { ...call, callId: "", callUuid: "" };
  if (fault === "payload-foreign-call-id") return { ...call, callId: `not-${call.callId}`, hint: `not-${call.hint}` };
  if (fault === "payload-wrong-caller") return { ...call, handle: "5550000", callerName: "Somebody Else" };
  if (fault === "payload-video-always") return { ...call, video: true };
  return call;
}

/** Sets the member a JSON pointer (RFC 6901) names, making the objects on the way. */
function put(document: Record<string, unknown>, pointer: string, value: unknown): void {
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = steps.pop();
  if (last === undefined) return;
  let at = document;
  for (const step of steps) {
    const next = at[step];
    if (typeof next === "object" && next !== null) at = next as Record<string, unknown>;
    else {
      const made: Record<string, unknown> = {};
      at[step] = made;
      at = made;
    }
  }
  at[last] = value;
}
