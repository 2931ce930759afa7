import { splitTopLevel } from "./split-top-level.ts";

/** Names lower case, values as spelled (quotes kept off); null = present without a value. */
export type Parameters = ReadonlyMap<string, string | null>;

export const noParameters: Parameters = new Map();

/** What is odd about a list of parameters; readers that only want the values leave it out. */
export interface ParameterOddities {
  /** `;;`, a lone `;` at the end, or a name that is empty. */
  empty: boolean;
  /** A name that appeared twice; the first value counts. */
  repeated: string | undefined;
  /** A name whose unquoted value holds a `=`. */
  equals: string | undefined;
}

export function noOddities(): ParameterOddities {
  return { empty: false, repeated: undefined, equals: undefined };
}

/**
 * Reads `;name=value;flag` (RFC 3261 section 25.1 generic-param and uri-parameter). White space around names and `=` is legal in
 * header parameters. `text` starts at the first `;` or is blank; anything before that semicolon is ignored.
 */
export function parseParameters(text: string, oddities?: ParameterOddities): Parameters {
  let from = text.indexOf(";");
  if (from < 0) return noParameters;
  const result = new Map<string, string | null>();
  if (text.includes('"') || text.includes("<")) {
    for (const part of splitTopLevel(text.slice(from + 1), ";")) addParameter(result, part, oddities);
    return result;
  }
  while (from >= 0) {
    const next = text.indexOf(";", from + 1);
    addParameter(result, next < 0 ? text.slice(from + 1) : text.slice(from + 1, next), oddities);
    from = next;
  }
  return result;
}

function addParameter(into: Map<string, string | null>, part: string, oddities: ParameterOddities | undefined): void {
  const equals = part.indexOf("=");
  const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
  if (name === "") {
    if (oddities !== undefined) oddities.empty = true;
    return;
  }
  if (into.has(name)) {
    if (oddities !== undefined) oddities.repeated = name;
    return;
  }
  if (equals < 0) {
    into.set(name, null);
    return;
  }
  const value = part.slice(equals + 1).trim();
  if (value.startsWith('"')) {
    into.set(name, unquote(value));
    return;
  }
  if (oddities !== undefined && value.includes("=")) oddities.equals = name;
  into.set(name, value);
}

/** The content of a quoted string, escapes resolved; other text as it is. */
export function unquote(text: string): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  const inner = text.slice(1, -1);
  return inner.includes("\\") ? inner.replaceAll(/\\([\s\S])/g, "$1") : inner;
}
