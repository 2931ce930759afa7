import { headerName } from "./header-names.ts";
import { inspectHeaders } from "./inspect-headers.ts";
import type { CSeq, InspectedHeaders } from "./inspect-headers.ts";
import type { NameAddress, SipMessage, Via } from "./sip-message.ts";
import { splitTopLevel } from "./split-top-level.ts";

export type { CSeq } from "./inspect-headers.ts";

/**
 * Where the parser leaves what it read anyway. A hidden property and no WeakMap: one with an entry per message costs the garbage
 * collector more than all parsing.
 */
const inspected = Symbol("inspected headers");

/** Keeps the headers with their message; copies of the message do not inherit them. */
export function rememberHeaders(message: SipMessage, headers: InspectedHeaders): void {
  Object.defineProperty(message, inspected, { value: headers });
}

function headersOf(message: SipMessage & { readonly [inspected]?: InspectedHeaders }): InspectedHeaders {
  return (
    message[inspected] ?? inspectHeaders(message.headers, message.kind === "request" ? message.method : undefined, [])
  );
}

/** The value of the first header field of that name; any spelling and the compact form will do. Undefined when there is none. */
export function header(message: SipMessage, name: string): string | undefined {
  const { long } = headerName(name);
  return message.headers.find((field) => field.name === long)?.value;
}

/**
 * Every value of that header in message order. Headers defined as comma-separated lists (RFC 3261 section 7.3.1) are split, outside quotes
 * and angle brackets; all others, unknown ones too, give one value per row.
 */
export function headerValues(message: SipMessage, name: string): readonly string[] {
  const { long, isList } = headerName(name);
  const rows = message.headers.filter((field) => field.name === long).map((field) => field.value);
  return isList ? rows.flatMap((row) => splitTopLevel(row, ",")).filter((value) => value !== "") : rows;
}

/** Via values, topmost first; unreadable ones are left out (finding `bad-via`). */
export function vias(message: SipMessage): readonly Via[] {
  return headersOf(message).vias;
}

export function topVia(message: SipMessage): Via | undefined {
  return headersOf(message).vias[0];
}

export function cseq(message: SipMessage): CSeq | undefined {
  return headersOf(message).cseq;
}

export function callId(message: SipMessage): string | undefined {
  return headersOf(message).callId;
}

export function from(message: SipMessage): NameAddress | undefined {
  return headersOf(message).from;
}

export function to(message: SipMessage): NameAddress | undefined {
  return headersOf(message).to;
}

export function fromTag(message: SipMessage): string | undefined {
  return headersOf(message).fromTag;
}

export function toTag(message: SipMessage): string | undefined {
  return headersOf(message).toTag;
}

/** Contact values; unreadable ones are left out (finding `bad-contact`). */
export function contacts(message: SipMessage): readonly (NameAddress | "*")[] {
  return headersOf(message).contacts;
}

/** Undefined when absent or not an integer from 0 to 255. */
export function maxForwards(message: SipMessage): number | undefined {
  return headersOf(message).maxForwards;
}

/** Seconds of the Expires header; undefined when absent or unreadable. */
export function expires(message: SipMessage): number | undefined {
  return headersOf(message).expires;
}

/** The method a message is about: of a request its own, of a response that of its CSeq. */
export function methodOf(message: SipMessage): string | undefined {
  return message.kind === "request" ? message.method : headersOf(message).cseq?.method;
}
