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

/**
 * Reads the fields of the requests of one HTTP/2 connection, whose names are in lower case (RFC 9113 section 8.2). Fields that a
 * sender repeats from one request to the next are the same objects, all of them together the same array.
 */
export function fieldsReader(): (raw: readonly string[]) => readonly HeaderField[] {
  let last: readonly HeaderField[] = [];
  return (raw) => {
    let fields: HeaderField[] | undefined;
    let count = 0;
    for (let at = 0; at + 1 < raw.length; at += 2) {
      const name = raw[at]!;
      if (name.charCodeAt(0) === COLON) continue;
      const value = raw[at + 1]!;
      const before = last[count];
      if (before === undefined || before[0] !== name || before[1] !== value) {
        fields ??= last.slice(0, count);
        fields.push([name, value]);
      } else fields?.push(before);
      count += 1;
    }
    if (fields !== undefined) last = fields;
    else if (count < last.length) last = last.slice(0, count);
    return last;
  };
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
