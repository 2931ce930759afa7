const longestSource = 500;
const holdsSecret = /passw|secret|passphrase|private.?key/iu;

/**
 * Any value as plain JSON data that a person can read: a function as its source, a regular expression as it is written, a secret
 * by its field's name only, what refers back to itself as `[circular]`.
 */
export function printable(value: unknown): unknown {
  return print(value, []);
}

function print(value: unknown, above: readonly object[]): unknown {
  switch (typeof value) {
    case "function":
      return sourceOf(value);
    case "bigint":
    case "symbol":
      return value.toString();
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "object":
      return value === null ? null : printObject(value, above);
    default:
      return value;
  }
}

function printObject(value: object, above: readonly object[]): unknown {
  if (above.includes(value)) return "[circular]";
  if (value instanceof RegExp) return value.toString();
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "[no date]" : value.toISOString();
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  const within = [...above, value];
  if (value instanceof Map) return print(Object.fromEntries(value), within);
  if (Array.isArray(value) || value instanceof Set)
    return [...value].map((item) => (item === undefined ? null : print(item, within)));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [
        key,
        typeof item === "string" && holdsSecret.test(key) ? "[redacted]" : print(item, within),
      ]),
  );
}

function sourceOf(value: Function): string {
  const source = Function.prototype.toString.call(value).replaceAll(/\s+/gu, " ");
  if (source.includes("[native code]")) return `[function ${value.name}]`;
  return source.length > longestSource ? `${source.slice(0, longestSource)} …` : source;
}
