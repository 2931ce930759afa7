const mark = "[redacted]";

/**
 * A deep copy of plain data without those secrets: in strings, keys and bytes, also where they stand percent-encoded, in base64
 * (both alphabets) or escaped as JSON. What is no plain data (a function) stays as it is.
 */
export function redact<T>(value: T, secrets: readonly string[]): T {
  const spellings = [...new Set(secrets.filter((secret) => secret !== "").flatMap(spellingsOf))].toSorted(
    // A secret that holds another goes first, or its rest would stay.
    (a, b) => b.length - a.length,
  );
  return spellings.length === 0 ? value : (redacted(value, spellings) as T);
}

function spellingsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, "utf8");
  return [
    secret,
    // A lone surrogate cannot be percent-encoded.
    bytes.toString("utf8") === secret ? encodeURIComponent(secret) : secret,
    JSON.stringify(secret).slice(1, -1),
    bytes.toString("base64").replace(/=+$/u, ""),
    bytes.toString("base64url"),
  ];
}

function redacted(value: unknown, spellings: readonly string[]): unknown {
  if (typeof value === "string") return inText(value, spellings);
  if (value instanceof Uint8Array) return inBytes(value, spellings);
  if (Array.isArray(value)) return value.map((item) => redacted(item, spellings));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [inText(key, spellings), redacted(item, spellings)]),
  );
}

function inText(text: string, spellings: readonly string[]): string {
  let result = text;
  for (const spelling of spellings) result = result.replaceAll(spelling, mark);
  return result;
}

/** One character per byte, so that bytes which are no UTF-8 come through. */
function inBytes(bytes: Uint8Array, spellings: readonly string[]): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const asBytes = spellings.map((spelling) => Buffer.from(spelling, "utf8").toString("latin1"));
  return Uint8Array.from(Buffer.from(inText(text, asBytes), "latin1"));
}
