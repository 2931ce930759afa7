const arrayIndex = /^(?:0|[1-9][0-9]*)$/;

/**
 * The value a JSON pointer (RFC 6901) names, or undefined when there is none. Where the pointer enters a string, the string is parsed
 * as JSON first: some payloads carry a document inside a string.
 */
export function readPointer(document: unknown, pointer: string): unknown {
  if (pointer === "") return document;
  if (!pointer.startsWith("/")) return undefined;
  let value = document;
  for (const token of pointer.slice(1).split("/")) {
    value = member(
      typeof value === "string" ? parsed(value) : value,
      token.replaceAll("~1", "/").replaceAll("~0", "~"),
    );
    if (value === undefined) return undefined;
  }
  return value;
}

function member(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return arrayIndex.test(name) ? (value as readonly unknown[])[Number(name)] : undefined;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
