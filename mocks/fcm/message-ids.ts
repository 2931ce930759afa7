import { randomBytes } from "node:crypto";

/** Makes message ids of the form FCM is seen to give: `0:<microseconds since the epoch>%<16 hex digits>`, each another. */
export function createMessageIds(epochMs: number): () => string {
  const suffix = randomBytes(8).toString("hex");
  let next = Math.floor(epochMs) * 1000;
  return () => `0:${next++}%${suffix}`;
}
