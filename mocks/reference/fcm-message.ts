import type { Fault } from "./faults.ts";
import type { Profile } from "./profile.ts";
import { callDocument, distorted, fitting, type PushedCall } from "./push-payload.ts";

/** FCM error codes, INVALID_ARGUMENT: the payload exceeds 4096 bytes; keys and values count. */
const MAX_DATA_BYTES = 4096;
/** A call nobody can be woken for within this time is over: the message need not live any longer. */
const TTL = "20s";

/** The body of a `messages:send` for one call in the profile's dialect; an overlong caller is cut so that it fits. */
export function fcmMessage(profile: Profile, token: string, call: PushedCall, fault: Fault): Buffer {
  const make = (told: PushedCall): Record<string, string> => dataOf(callDocument(profile, "android", told));
  const data = fitting(distorted(call, fault), make, (made) => sizeOf(made) <= MAX_DATA_BYTES);
  const to = fault === "fcm-token-truncated" ? token.slice(0, -2) : token;
  if (fault === "fcm-body-not-json") return Buffer.from(new URLSearchParams({ token: to, ...data }).toString());
  if (fault === "fcm-legacy-endpoint") {
    return encoded({ to, priority: "high", time_to_live: Number.parseInt(TTL, 10), data });
  }
  return encoded({
    ...(fault === "fcm-validate-only" ? { validate_only: true } : {}),
    message: {
      token: to,
      ...content(data, fault),
      android: {
        ...(fault === "fcm-ttl-absent" ? {} : { ttl: TTL }),
        priority: fault === "fcm-priority-normal" ? "NORMAL" : "HIGH",
        ...(fault === "fcm-collapse-key" ? { collapse_key: "call" } : {}),
        ...(fault === "fcm-wrong-package" ? { restricted_package_name: "com.example.another" } : {}),
      },
      ...(fault === "fcm-unknown-field" ? { time_to_live: Number.parseInt(TTL, 10) } : {}),
      ...(fault === "fcm-token-and-topic" ? { topic: "calls" } : {}),
    },
  });
}

function content(data: Readonly<Record<string, string>>, fault: Fault): Readonly<Record<string, unknown>> {
  if (fault === "fcm-apns-block") {
    const headers = { "apns-push-type": "voip", "apns-priority": "10", "apns-expiration": "0" };
    return { apns: { headers, payload: { aps: {}, ...data } } };
  }
  if (fault === "fcm-notification") return { data, notification: { title: "Call", body: "Somebody calls" } };
  if (fault === "fcm-data-number") return { data: { ...data, attempt: 1 } };
  if (fault === "fcm-data-reserved-key") return { data: { ...data, from: "sip" } };
  if (fault === "fcm-payload-5-kib") return { data: { ...data, padding: "x".repeat(5120) } };
  return { data };
}

/** Every value of FCM's data is a string: what is deeper is JSON inside one. */
function dataOf(document: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

function sizeOf(data: Readonly<Record<string, string>>): number {
  return Object.entries(data).reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
}

function encoded(body: object): Buffer {
  return Buffer.from(JSON.stringify(body));
}
