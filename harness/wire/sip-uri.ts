import { noParameters, parseParameters } from "./parameters.ts";
import type { ParameterOddities } from "./parameters.ts";
import type { SipUri } from "./sip-message.ts";

const hostPattern = /^(?:[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])$/;
const schemePattern = /^[A-Za-z][A-Za-z0-9+.-]*$/;
const digits = /^[0-9]+$/;

/**
 * Reads a URI as it stands between angle brackets or on a request line (RFC 3261 section 19.1.1). Anything with a scheme is read;
 * only `sip:` and `sips:` are taken apart, `tel:` into its number (as `user`) and parameters.
 * Undefined when there is no scheme, or a sip(s) URI has no readable host and port.
 */
export function parseSipUri(text: string, oddities?: ParameterOddities): SipUri | undefined {
  const colon = text.indexOf(":");
  if (colon <= 0) return undefined;
  const scheme = schemeOf(text, colon);
  if (scheme === undefined) return undefined;
  if (scheme === "tel") return telUri(text, colon, oddities);
  if (scheme !== "sip" && scheme !== "sips") return { scheme, host: "", params: noParameters, raw: text };

  // "@" can stand unescaped nowhere in a URI but behind the userinfo, and a user may hold ";" and "?".
  const at = text.indexOf("@", colon + 1);
  const hostStart = at < 0 ? colon + 1 : at + 1;
  const semicolon = text.indexOf(";", hostStart);
  const question = text.indexOf("?", hostStart);
  const end = question < 0 ? text.length : question;
  const hasParams = semicolon >= 0 && semicolon < end;
  const hostPort = text.slice(hostStart, hasParams ? semicolon : end);
  const portColon = hostPort.startsWith("[") ? hostPort.indexOf(":", hostPort.indexOf("]")) : hostPort.indexOf(":");
  const host = portColon < 0 ? hostPort : hostPort.slice(0, portColon);
  if (!hostPattern.test(host)) return undefined;
  const port = portColon < 0 ? undefined : portOf(hostPort.slice(portColon + 1));
  if (portColon >= 0 && port === undefined) return undefined;
  const userinfo = at < 0 ? undefined : text.slice(colon + 1, at);
  const passwordColon = userinfo === undefined ? -1 : userinfo.indexOf(":");
  const user = passwordColon < 0 ? userinfo : userinfo?.slice(0, passwordColon);
  const params = hasParams ? parseParameters(text.slice(semicolon, end), oddities) : noParameters;
  const uri: Writable<SipUri> = { scheme, host: host.toLowerCase(), params, raw: text };
  if (user !== undefined) uri.user = user;
  if (port !== undefined) uri.port = port;
  return uri;
}

/** For building one of the readonly shapes member by member. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] };

function schemeOf(text: string, colon: number): string | undefined {
  if (colon === 3 && text.startsWith("sip")) return "sip";
  const scheme = text.slice(0, colon);
  return schemePattern.test(scheme) ? scheme.toLowerCase() : undefined;
}

function telUri(text: string, colon: number, oddities: ParameterOddities | undefined): SipUri | undefined {
  const semicolon = text.indexOf(";");
  const user = text.slice(colon + 1, semicolon < 0 ? text.length : semicolon);
  if (user === "") return undefined;
  const params = semicolon < 0 ? noParameters : parseParameters(text.slice(semicolon), oddities);
  return { scheme: "tel", user, host: "", params, raw: text };
}

/** A port number 0..65535 written in digits. */
export function portOf(text: string): number | undefined {
  if (!digits.test(text)) return undefined;
  const port = Number(text);
  return port <= 65_535 ? port : undefined;
}

/** True when a host (name, IPv4 address or bracketed IPv6 reference) can be read. */
export function isHost(text: string): boolean {
  return hostPattern.test(text);
}

/** The user part with its escapes resolved; of a `tel:` URI its number. */
export function userOf(uri: SipUri | string | undefined): string | undefined {
  const parsed = typeof uri === "string" ? parseSipUri(uri) : uri;
  if (parsed?.user === undefined) return undefined;
  if (!parsed.user.includes("%")) return parsed.user;
  try {
    return decodeURIComponent(parsed.user);
  } catch {
    return parsed.user;
  }
}

/** Parameters that never match when only one of the URIs has them (RFC 3261 section 19.1.4; transport because of its last examples). */
const decisiveParams: readonly string[] = ["user", "ttl", "method", "maddr", "transport"];

/**
 * URI equality of RFC 3261 section 19.1.4, which is not transitive. Two `tel:` URIs are equal when their numbers are, visual separators
 * aside (RFC 3966 section 4); URIs of other schemes when they are spelled alike. Unreadable URIs equal nothing.
 */
export function sameUri(first: SipUri | string, second: SipUri | string): boolean {
  const a = typeof first === "string" ? parseSipUri(first) : first;
  const b = typeof second === "string" ? parseSipUri(second) : second;
  if (a === undefined || b === undefined || a.scheme !== b.scheme) return false;
  if (a.scheme === "tel")
    return telNumber(a) === telNumber(b) && sameParams(a, b, [...a.params.keys(), ...b.params.keys()]);
  if (a.scheme !== "sip" && a.scheme !== "sips") return a.raw === b.raw;
  return (
    normalEscapes(userinfoOf(a)) === normalEscapes(userinfoOf(b)) &&
    a.host === b.host &&
    a.port === b.port &&
    sameParams(a, b, decisiveParams) &&
    sameParams(
      a,
      b,
      [...a.params.keys()].filter((name) => b.params.has(name)),
    ) &&
    headersKey(a) === headersKey(b)
  );
}

function sameParams(a: SipUri, b: SipUri, names: readonly string[]): boolean {
  return names.every((name) => {
    const left = a.params.get(name);
    const right = b.params.get(name);
    return (
      left === right ||
      (typeof left === "string" &&
        typeof right === "string" &&
        normalEscapes(left).toLowerCase() === normalEscapes(right).toLowerCase())
    );
  });
}

function telNumber(uri: SipUri): string {
  return (uri.user ?? "").replaceAll(/[-.()]/g, "").toLowerCase();
}

function userinfoOf(uri: SipUri): string | undefined {
  const at = uri.raw.indexOf("@");
  return at < 0 ? undefined : uri.raw.slice(uri.raw.indexOf(":") + 1, at);
}

/** Headers of a URI (`?name=value&...`) in an order of their own, so that spelling order does not matter. */
function headersKey(uri: SipUri): string {
  const question = uri.raw.indexOf("?", uri.raw.indexOf("@") + 1);
  if (question < 0) return "";
  return uri.raw
    .slice(question + 1)
    .split("&")
    .map((header) => normalEscapes(header).toLowerCase())
    .sort()
    .join("&");
}

/** Resolves escapes of characters outside the reserved set; the others keep theirs, in upper case. */
function normalEscapes(text: string): string;
function normalEscapes(text: string | undefined): string | undefined;
function normalEscapes(text: string | undefined): string | undefined {
  if (text === undefined || !/[%\u0080-\uffff]/.test(text)) return text;
  return Buffer.from(text, "utf8")
    .toString("latin1")
    .replaceAll(/[\u0080-\u00ff]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)
    .replaceAll(/%[0-9A-Fa-f]{2}/g, (escape) => {
      const char = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
      return /[!'()*\-._~A-Za-z0-9]/.test(char) ? char : escape.toUpperCase();
    });
}

/** True when a sip(s) URI carries headers (`?`), which a Request-URI must not. */
export function hasUriHeaders(uri: SipUri): boolean {
  return uri.scheme.startsWith("sip") && uri.raw.includes("?", uri.raw.indexOf("@") + 1);
}
