import type { Fault } from "./faults.ts";
import { pointerOf, type Profile } from "./profile.ts";

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

/** Apple: "For Voice over Internet Protocol (VoIP) notifications, the maximum payload size is 5 KB (5120 bytes)." */
const MAX_BYTES = 5120;

/** The payload for one push in the profile's dialect; an overlong caller is cut so that the push fits. */
export function pushPayload(profile: Profile, call: PushedCall, fault: Fault): Buffer {
  if (fault === "payload-not-json") return Buffer.from(`callId=${call.callId}`);
  const told = distorted(call, fault);
  const limit = fault === "payload-6-kib" ? Infinity : MAX_BYTES;
  let fitting = told;
  let body = encode(profile, fitting, fault);
  while (body.length > limit && fitting.callerName + fitting.handle !== "") {
    const long = fitting.callerName === "" ? "handle" : "callerName";
    fitting = { ...fitting, [long]: firstHalf(fitting[long]) };
    body = encode(profile, fitting, fault);
  }
  return body;
}

function firstHalf(text: string): string {
  const characters = Array.from(text);
  return characters.slice(0, Math.floor(characters.length / 2)).join("");
}

function distorted(call: PushedCall, fault: Fault): PushedCall {
  if (fault === "payload-without-call-id") return { ...call, callId: "", callUuid: "" };
  if (fault === "payload-foreign-call-id") return { ...call, callId: `not-${call.callId}`, hint: `not-${call.hint}` };
  if (fault === "payload-wrong-caller") return { ...call, handle: "5550000", callerName: "Somebody Else" };
  if (fault === "payload-video-always") return { ...call, video: true };
  return call;
}

function encode(profile: Profile, call: PushedCall, fault: Fault): Buffer {
  const document: Record<string, unknown> = { aps: {} };
  const { payload } = profile;
  if (payload.callUUID !== undefined && call.callUuid !== "") put(document, pointerOf(payload.callUUID), call.callUuid);
  if (payload.callId !== undefined && call.callId !== "") put(document, pointerOf(payload.callId), call.callId);
  if (payload.hint !== undefined) put(document, pointerOf(payload.hint), call.hint);
  if (payload.handle !== undefined) put(document, pointerOf(payload.handle), call.handle);
  if (payload.callerName !== undefined && call.callerName !== "")
    put(document, pointerOf(payload.callerName), call.callerName);
  if (payload.video !== undefined) put(document, pointerOf(payload.video), call.video);
  if (fault === "payload-6-kib") document["padding"] = "x".repeat(6144);
  return Buffer.from(JSON.stringify(document));
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
