import type { ApnsMock } from "../../standalone/apns-mock.ts";

export const TOPIC = "com.example.phone.voip";
export const CALL = { callUUID: "6f1c2a3e-0000-4000-8000-000000000001" };
export const BURST = 300;

/** Device tokens, as many phones as are called. */
export function issued(mock: { issueToken(): string }, count: number): readonly string[] {
  return Array.from({ length: count }, () => mock.issueToken());
}

/** Pushes by the connection they came on. */
export function byConnection({ pushes }: Pick<ApnsMock, "pushes">): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { connection } of pushes) counts.set(connection, (counts.get(connection) ?? 0) + 1);
  return counts;
}
