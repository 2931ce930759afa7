import type { OutgoingHttpHeaders } from "node:http2";
import type { HeaderField } from "./http-exchange.ts";

/** Raw header fields (name, value, name, value, ...) without the pseudo-headers; names in lower case, repetition kept. */
export function headerFieldsOf(raw: readonly string[]): readonly HeaderField[] {
  const fields: HeaderField[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at]!;
    if (name.charCodeAt(0) !== COLON) fields.push([name.toLowerCase(), raw[at + 1]!]);
  }
  return fields;
}

const COLON = 0x3a;

/** The fields of an answer as Node wants them: the values of a repeated name in a list. */
export function outgoingHeaders(fields: readonly HeaderField[]): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of fields) {
    const present = headers[name];
    headers[name] = present === undefined ? value : [...(Array.isArray(present) ? present : [String(present)]), value];
  }
  return headers;
}
