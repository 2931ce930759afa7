import { type Header, NO_BODY, type SipMessage } from "./sip-message.ts";
import { splitValues } from "./sip-fields.ts";

/** RFC 3261 7.3.3 and 20. */
const COMPACT: ReadonlyMap<string, string> = new Map([
  ["v", "via"],
  ["f", "from"],
  ["t", "to"],
  ["i", "call-id"],
  ["m", "contact"],
  ["l", "content-length"],
  ["c", "content-type"],
  ["e", "content-encoding"],
  ["k", "supported"],
  ["s", "subject"],
]);
const SPLIT = new Set(["via", "route", "record-route"]);

/** Where the headers of a message end: the index of the body, or -1 when the empty line has not come yet. */
export function headEnd(bytes: Buffer): number {
  const at = bytes.indexOf("\r\n\r\n");
  return at < 0 ? -1 : at + 4;
}

/** Content-Length as it stands in the head, without parsing the rest: what cuts a stream into messages (RFC 3261 18.3). */
export function contentLength(head: string): number | undefined {
  const found = /\r\n(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*\r\n/i.exec(head);
  return found === null ? undefined : Number(found[1]);
}

/** Reads one whole message (a datagram, or what the framer cut out). Undefined: this is no SIP message. */
export function parseMessage(bytes: Buffer): SipMessage | undefined {
  const end = headEnd(bytes);
  if (end < 0) return undefined;
  const lines = bytes
    .toString("latin1", 0, end - 4)
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n");
  const start = lines.shift() ?? "";
  const headers: Header[] = [];
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 1) continue;
    const spelled = line.slice(0, colon).trim();
    const lower = spelled.toLowerCase();
    const name = COMPACT.get(lower) ?? lower;
    const value = line.slice(colon + 1).trim();
    const values = SPLIT.has(name) && value.includes(",") ? splitValues(value) : [value];
    for (const one of values) headers.push({ name, spelled, value: one });
  }
  const declared = headers.find((field) => field.name === "content-length")?.value;
  const rest = bytes.subarray(end);
  const length = declared === undefined || !/^\d{1,9}$/.test(declared) ? rest.length : Number(declared);
  if (length > rest.length) return undefined;
  const body = length === 0 ? NO_BODY : rest.subarray(0, length);
  const response = /^SIP\/2\.0 ([1-6]\d\d) ?(.*)$/i.exec(start);
  if (response !== null)
    return { kind: "response", status: Number(response[1]), reason: response[2] ?? "", headers, body };
  const request = /^([A-Za-z0-9.!%*_+`'~-]+) (\S+) SIP\/2\.0$/i.exec(start);
  if (request === null) return undefined;
  return { kind: "request", method: request[1] ?? "", uri: request[2] ?? "", headers, body };
}

/** The bytes of a message; Content-Length is always that of the body. */
export function serialise(message: SipMessage): Buffer {
  const start =
    message.kind === "request"
      ? `${message.method} ${message.uri} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.reason}`;
  let head = `${start}\r\n`;
  for (const field of message.headers) {
    if (field.name === "content-length") continue;
    head += field.name === "" ? `${field.value}\r\n` : `${field.spelled}: ${field.value}\r\n`;
  }
  head += `Content-Length: ${message.body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), message.body]);
}
