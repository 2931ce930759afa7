import type { Trace } from "./trace.ts";

/**
 * The trace without those secrets, wherever they stand: in messages, payloads, headers, facts. They are also found percent-encoded, base64
 * (both alphabets) and escaped as JSON. Each is replaced by as many `*` as it has bytes, so that lengths which a judge measures stay true.
 * Empty secrets are ignored.
 */
export function redactTrace(trace: Trace, secrets: readonly string[]): Trace {
  const spellings = [...new Set(secrets.filter((secret) => secret !== "").flatMap(spellingsOf))].sort(
    // A secret that holds another must go first, or its rest would stay.
    (a, b) => b.length - a.length,
  );
  if (spellings.length === 0) return trace;
  return redacted(trace, spellings) as Trace;
}

function spellingsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, "utf8");
  return [
    secret,
    bytes.toString("utf8") === secret ? encodeURIComponent(secret) : secret,
    JSON.stringify(secret).slice(1, -1),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
  ];
}

function redacted(value: unknown, spellings: readonly string[]): unknown {
  if (typeof value === "string") return redactedText(value, spellings);
  if (value instanceof Uint8Array) return redactedBytes(value, spellings);
  if (Array.isArray(value)) return value.map((item) => redacted(item, spellings));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [redactedText(key, spellings), redacted(item, spellings)]),
  );
}

function redactedText(text: string, spellings: readonly string[]): string {
  let result = text;
  for (const spelling of spellings) result = result.replaceAll(spelling, "*".repeat(Buffer.byteLength(spelling)));
  return result;
}

function redactedBytes(bytes: Uint8Array, spellings: readonly string[]): Uint8Array {
  const result = Buffer.from(bytes);
  for (const spelling of spellings) {
    const needle = Buffer.from(spelling, "utf8");
    for (let at = result.indexOf(needle); at >= 0; at = result.indexOf(needle, at + needle.length)) {
      result.fill("*", at, at + needle.length);
    }
  }
  return Uint8Array.from(result);
}
