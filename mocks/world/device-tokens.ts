import { hash } from "node:crypto";
import type { Platform } from "../../harness/trace/trace-event.ts";
import { createRegistrationToken } from "../fcm/registration-token.ts";

/** The device token the push service of that platform gives the app for this seed: APNs' are bytes in hexadecimal. */
export function deviceToken(platform: Platform, seed: string): string {
  if (platform === "ios") return digestOf(seed).toString("hex");
  let blocks = 0;
  return createRegistrationToken((size) => {
    const wanted = Math.ceil(size / 32);
    return Buffer.concat(Array.from({ length: wanted }, () => digestOf(`${seed} ${(blocks += 1)}`))).subarray(0, size);
  });
}

function digestOf(text: string): Buffer {
  return hash("sha256", text, "buffer");
}
