import type { Fault } from "./faults.ts";
import type { Profile } from "./profile.ts";
import { callDocument, distorted, fitting, type PushedCall } from "./push-payload.ts";

/** Apple: "For Voice over Internet Protocol (VoIP) notifications, the maximum payload size is 5 KB (5120 bytes)." */
const MAX_BYTES = 5120;

/** The PushKit payload for one call in the profile's dialect; an overlong caller is cut so that the push fits. */
export function apnsPayload(profile: Profile, call: PushedCall, fault: Fault): Buffer {
  if (fault === "payload-not-json") return Buffer.from(`callId=${call.callId}`);
  const padding = fault === "payload-6-kib" ? { padding: "x".repeat(6144) } : {};
  const make = (told: PushedCall): Buffer =>
    Buffer.from(JSON.stringify({ aps: {}, ...callDocument(profile, "ios", told), ...padding }));
  return fitting(distorted(call, fault), make, (made) => fault === "payload-6-kib" || made.length <= MAX_BYTES);
}
