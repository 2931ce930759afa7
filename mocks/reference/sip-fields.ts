import { randomBytes } from "node:crypto";
import { type SipMessage, valueOf } from "./sip-message.ts";

export interface Uri {
  /** Lower case. */
  readonly scheme: string;
  readonly user: string | undefined;
  /** Lower case. */
  readonly host: string;
  readonly port: number | undefined;
  /** Names in lower case; `true` = present without a value. */
  readonly params: ReadonlyMap<string, string | true>;
}

export interface NameAddress {
  /** Without quotes and escapes; empty when there is none. */
  readonly displayName: string;
  /** The URI as spelled. */
  readonly uri: string;
  /** Parameters of the header field, outside the angle brackets. */
  readonly params: ReadonlyMap<string, string | true>;
}

export interface Via {
  readonly transport: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly params: ReadonlyMap<string, string | true>;
}

/** Splits a list at its commas, but not within quotes or angle brackets. */
export function splitValues(text: string): readonly string[] {
  return splitOutside(text, ",").filter((value) => value !== "");
}

function splitOutside(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let quoted = false;
  let angle = false;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char === "\\") at += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "<") angle = true;
    else if (char === ">") angle = false;
    else if (char === separator && !angle) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  parts.push(text.slice(from).trim());
  return parts;
}

/** Reads `a=b;c`; values lose their quotes. */
function readParams(parts: readonly string[]): ReadonlyMap<string, string | true> {
  const params = new Map<string, string | true>();
  for (const part of parts) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    if (equals < 0) params.set(part.trim().toLowerCase(), true);
    else params.set(part.slice(0, equals).trim().toLowerCase(), unquote(part.slice(equals + 1).trim()));
  }
  return params;
}

function unquote(text: string): string {
  return text.startsWith('"') && text.endsWith('"') && text.length > 1
    ? text.slice(1, -1).replace(/\\(.)/gs, "$1")
    : text;
}

export function parseUri(text: string): Uri | undefined {
  const found = /^(sips?|tel):(?:([^@]*)@)?([^;?]*)((?:;[^?]*)?)(?:\?.*)?$/i.exec(text.trim());
  if (found === null) return undefined;
  const [, scheme = "", user, hostPort = "", params = ""] = found;
  const host = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(hostPort);
  if (host === null) return undefined;
  return {
    scheme: scheme.toLowerCase(),
    user: user?.split(":")[0],
    host: (host[1] ?? "").toLowerCase(),
    port: host[2] === undefined ? undefined : Number(host[2]),
    params: readParams(params.split(";").slice(1)),
  };
}

export function parseNameAddress(text: string): NameAddress | undefined {
  const open = indexOutsideQuotes(text, "<");
  if (open < 0) {
    const [uri = "", ...params] = text.split(";");
    return uri.trim() === "" ? undefined : { displayName: "", uri: uri.trim(), params: readParams(params) };
  }
  const close = text.indexOf(">", open);
  if (close < 0) return undefined;
  return {
    displayName: unquote(text.slice(0, open).trim()),
    uri: text.slice(open + 1, close).trim(),
    params: readParams(splitOutside(text.slice(close + 1), ";")),
  };
}

/** A From or To value without its parameters: name and address as spelled. */
export function addressOf(text: string): string {
  const open = indexOutsideQuotes(text, "<");
  if (open < 0) return text.split(";")[0]!.trim();
  const close = text.indexOf(">", open);
  return close < 0 ? text : text.slice(0, close + 1).trim();
}

function indexOutsideQuotes(text: string, char: string): number {
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (quoted && text[at] === "\\") at += 1;
    else if (text[at] === '"') quoted = !quoted;
    else if (!quoted && text[at] === char) return at;
  }
  return -1;
}

export function parseVia(text: string): Via | undefined {
  const found =
    /^SIP\s*\/\s*2\.0\s*\/\s*([A-Za-z0-9]+)\s+(\[[^\]]*\]|[^\s:;]+)(?:\s*:\s*(\d{1,5}))?\s*((?:;.*)?)$/i.exec(text);
  if (found === null) return undefined;
  return {
    transport: (found[1] ?? "").toLowerCase(),
    host: (found[2] ?? "").toLowerCase(),
    port: found[3] === undefined ? undefined : Number(found[3]),
    params: readParams((found[4] ?? "").split(";").slice(1)),
  };
}

export function textOf(value: string | true | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function tagOf(message: SipMessage, name: "from" | "to"): string | undefined {
  const value = valueOf(message, name);
  return value === undefined ? undefined : textOf(parseNameAddress(value)?.params.get("tag"));
}

export function cseqOf(message: SipMessage): { readonly number: number; readonly method: string } | undefined {
  const found = /^(\d{1,10})\s+(\S+)$/.exec(valueOf(message, "cseq") ?? "");
  return found === null ? undefined : { number: Number(found[1]), method: found[2] ?? "" };
}

export function callIdOf(message: SipMessage): string {
  return valueOf(message, "call-id") ?? "";
}

/**
 * Contact equality for bindings (RFC 3261 10.2.4, 19.1.4), short of escapes; the push parameters of RFC 8599 do not count,
 * since a new token does not make a new place to be reached at.
 */
export function sameContact(one: string, other: string): boolean {
  const a = parseUri(one);
  const b = parseUri(other);
  if (a === undefined || b === undefined) return one === other;
  if (a.scheme !== b.scheme || a.user !== b.user || a.host !== b.host || a.port !== b.port) return false;
  for (const name of new Set([...a.params.keys(), ...b.params.keys()])) {
    if (name.startsWith("pn-")) continue;
    const left = a.params.get(name);
    const right = b.params.get(name);
    if (left === undefined || right === undefined) {
      if (["user", "ttl", "method", "maddr"].includes(name)) return false;
    } else if (String(left).toLowerCase() !== String(right).toLowerCase()) return false;
  }
  return true;
}

export function randomTag(): string {
  return randomBytes(8).toString("hex");
}

/** RFC 3261 8.1.1.7: the cookie in front says that the branch is unique. */
export function randomBranch(): string {
  return `z9hG4bK${randomBytes(10).toString("hex")}`;
}
