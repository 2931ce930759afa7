import { isUtf8 } from "node:buffer";
import { headerName } from "./header-names.ts";
import { rememberHeaders } from "./headers.ts";
import { inspectHeaders } from "./inspect-headers.ts";
import type { HeaderField, NotSip, SipMessage, WireFinding } from "./sip-message.ts";
import { parseStartLine } from "./start-line.ts";
import { wireFinding } from "./wire-rules.ts";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const tab = 0x09;
const backslash = 0x5c;
const eightBit = /[\u0080-\u00ff]/;

/**
 * Reads one SIP message: a datagram, or what was framed from a stream. Whatever is wrong with it becomes a finding and never loses
 * the message; only without a readable start line it is `not-sip`. CRLFs before the start line are ignored (RFC 3261 section 7.5).
 * The body is cut at Content-Length (section 18.3); when that is unreadable or too large, the body is all there is.
 */
export function parseMessage(bytes: Uint8Array): SipMessage | NotSip {
  // One character per byte: positions in the text are positions in the bytes.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const findings: WireFinding[] = [];
  let at = 0;
  while (text.charCodeAt(at) === carriageReturn || text.charCodeAt(at) === lineFeed) at += 1;
  if (at === text.length) return { kind: "not-sip", why: at === 0 ? "it is empty" : "it holds line ends only" };

  const startEnd = lineEnd(text, at);
  const start = parseStartLine(decode(text.slice(at, trimmedEnd(text, at, startEnd)), findings), findings);
  if (start.kind === "not-sip") return start;

  const headers: HeaderField[] = [];
  const bodyAt = readHeaders(text, startEnd + 1, headers, findings);
  noteOddCharacters(bytes, at, bodyAt, findings);
  const inspected = inspectHeaders(headers, start.kind === "request" ? start.method : undefined, findings);
  const body = cutBody(bytes.subarray(Math.min(bodyAt, bytes.length)), headers, findings);
  const message: SipMessage =
    start.kind === "request"
      ? { kind: "request", method: start.method, uri: start.uri, headers, body, findings }
      : { kind: "response", status: start.status, reason: start.reason, headers, body, findings };
  rememberHeaders(message, inspected);
  return message;
}

/** Index of the LF that ends the line, or the end of the text. */
function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

/** Index behind the line's last character, without its CR. */
function trimmedEnd(text: string, from: number, end: number): number {
  return end > from && text.charCodeAt(end - 1) === carriageReturn ? end - 1 : end;
}

/** Reads header fields from `from` on; returns where the body begins. */
function readHeaders(text: string, from: number, headers: HeaderField[], findings: WireFinding[]): number {
  let seenSingles = 0;
  let at = from;
  while (at < text.length) {
    let end = lineEnd(text, at);
    let stop = trimmedEnd(text, at, end);
    if (stop === at) return end + 1;
    const first = text.charCodeAt(at);
    const firstLineLength = stop - at;
    let folded = false;
    for (let next = text.charCodeAt(end + 1); next === space || next === tab; next = text.charCodeAt(end + 1)) {
      folded = true;
      const nextEnd = lineEnd(text, end + 1);
      stop = trimmedEnd(text, end + 1, nextEnd);
      end = nextEnd;
    }
    const line = text.slice(at, stop);
    at = end + 1;
    if (first === space || first === tab) {
      findings.push(wireFinding("fold-without-header", line));
      continue;
    }
    const colon = line.indexOf(":");
    if (colon < 0) {
      findings.push(wireFinding("header-without-colon", line));
      continue;
    }
    if (folded && colon >= firstLineLength) findings.push(wireFinding("fold-before-colon", line));
    const spelled = line.slice(0, colon).trim();
    const name = headerName(spelled);
    if (!name.isToken) findings.push(wireFinding("bad-header-name", spelled));
    if ((seenSingles & name.singleBit) !== 0) findings.push(wireFinding("duplicate-single-header", spelled));
    seenSingles |= name.singleBit;
    const value = folded ? line.slice(colon + 1).replaceAll(/[ \t]*\r?\n[ \t]+/g, " ") : line.slice(colon + 1);
    headers.push({ name: name.long, spelled, value: decode(value.trim(), findings) });
  }
  findings.push(wireFinding("no-end-of-headers", "no empty line after the header fields"));
  return text.length;
}

/** UTF-8 from one character per byte; bytes that are no UTF-8 become U+FFFD. */
function decode(text: string, findings: WireFinding[]): string {
  if (!eightBit.test(text)) return text;
  const bytes = Buffer.from(text, "latin1");
  const decoded = bytes.toString("utf8");
  if (!isUtf8(bytes)) findings.push(wireFinding("not-utf8", decoded));
  return decoded;
}

/** Line ends that are not CRLF, and control characters that no backslash escapes. Each is noted once. */
function noteOddCharacters(bytes: Uint8Array, from: number, to: number, findings: WireFinding[]): void {
  let bareLineFeed = false;
  let control = false;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= space && byte !== 0x7f) continue;
    if (byte === lineFeed) bareLineFeed ||= bytes[at - 1] !== carriageReturn;
    else if (byte === carriageReturn) control ||= bytes[at + 1] !== lineFeed;
    else if (byte !== tab) control ||= bytes[at - 1] !== backslash;
  }
  if (bareLineFeed) findings.push(wireFinding("bare-line-feed", "a line ends with LF instead of CRLF"));
  if (control) findings.push(wireFinding("control-character", "a control character stands in the header fields"));
}

function cutBody(rest: Uint8Array, headers: readonly HeaderField[], findings: WireFinding[]): Uint8Array {
  let declared: string | undefined;
  for (const field of headers) {
    if (field.name !== "content-length") continue;
    if (declared !== undefined) findings.push(wireFinding("content-length-repeated", `${declared} and ${field.value}`));
    declared ??= field.value;
  }
  const body = declared === undefined ? rest : cutAt(rest, declared, findings);
  if (body.length > 0 && !headers.some((field) => field.name === "content-type")) {
    findings.push(wireFinding("content-type-missing", `a body of ${body.length} bytes`));
  }
  return body;
}

function cutAt(rest: Uint8Array, declared: string, findings: WireFinding[]): Uint8Array {
  if (!/^[0-9]+$/.test(declared)) {
    findings.push(wireFinding("content-length-invalid", declared));
    return rest;
  }
  const length = Number(declared);
  if (length > rest.length) {
    findings.push(wireFinding("content-length-too-large", `${declared} declared, ${rest.length} bytes there`));
    return rest;
  }
  if (length < rest.length) {
    findings.push(wireFinding("content-length-too-small", `${declared} declared, ${rest.length} bytes there`));
  }
  return rest.subarray(0, length);
}
