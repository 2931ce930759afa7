import { isToken } from "./header-names.ts";
import type { NotSip, WireFinding } from "./sip-message.ts";
import { hasUriHeaders, parseSipUri } from "./sip-uri.ts";
import { wireFinding } from "./wire-rules.ts";

export type StartLine =
  | { readonly kind: "request"; readonly method: string; readonly uri: string }
  | { readonly kind: "response"; readonly status: number; readonly reason: string };

const version = /^SIP\/[0-9]+\.[0-9]+$/i;

/** Reads a request line or status line (RFC 3261 sections 7.1 and 7.2) and notes into `findings` what is wrong with it. */
export function parseStartLine(line: string, findings: WireFinding[]): StartLine | NotSip {
  const begun = line.trimStart();
  if (begun === "") return { kind: "not-sip", why: "the start line is blank" };
  if (begun !== line) findings.push(wireFinding("start-line-whitespace", line));
  const firstSpace = begun.indexOf(" ");
  const firstWord = firstSpace < 0 ? begun : begun.slice(0, firstSpace);
  if (firstWord === "SIP/2.0" || version.test(firstWord)) return parseStatusLine(begun, firstWord, findings);
  return parseRequestLine(begun, firstSpace, findings);
}

/** The reason phrase may be empty, but not the space before it. */
function parseStatusLine(line: string, versionWord: string, findings: WireFinding[]): StartLine | NotSip {
  noteVersion(versionWord, findings);
  const match = /^( *)([0-9]+)(?:( )(.*))?$/.exec(line.slice(versionWord.length + 1));
  if (match?.[2] === undefined) return { kind: "not-sip", why: `no status code in "${line.slice(0, 80)}"` };
  if (match[1] !== "") findings.push(wireFinding("start-line-whitespace", line));
  if (match[3] === undefined) findings.push(wireFinding("bad-status-line", line));
  const status = Number(match[2]);
  if (match[2].length !== 3 || status < 100 || status > 699)
    findings.push(wireFinding("status-out-of-range", match[2]));
  return { kind: "response", status, reason: match[4] ?? "" };
}

function parseRequestLine(begun: string, firstSpace: number, findings: WireFinding[]): StartLine | NotSip {
  const line = begun.trimEnd();
  const lastSpace = line.lastIndexOf(" ");
  const versionWord = line.slice(lastSpace + 1);
  if (firstSpace < 0 || firstSpace >= lastSpace || !(versionWord === "SIP/2.0" || version.test(versionWord))) {
    return { kind: "not-sip", why: `neither a request line nor a status line: "${line.slice(0, 80)}"` };
  }
  noteVersion(versionWord, findings);
  const method = line.slice(0, firstSpace);
  if (!isToken(method)) findings.push(wireFinding("bad-method", method));
  const between = line.slice(firstSpace + 1, lastSpace);
  const uri = between.trim();
  if (uri !== between || line !== begun) findings.push(wireFinding("start-line-whitespace", begun));
  noteUri(uri, findings);
  return { kind: "request", method, uri };
}

function noteVersion(word: string, findings: WireFinding[]): void {
  if (word !== "SIP/2.0" && word.toUpperCase() !== "SIP/2.0") findings.push(wireFinding("version-not-2.0", word));
}

function noteUri(uri: string, findings: WireFinding[]): void {
  if (uri.includes(" ") || uri.includes("\t")) findings.push(wireFinding("request-uri-space", uri));
  else if (uri.startsWith("<")) findings.push(wireFinding("request-uri-in-brackets", uri));
  else {
    const parsed = parseSipUri(uri);
    if (parsed === undefined) findings.push(wireFinding("bad-request-uri", uri));
    else if (hasUriHeaders(parsed)) findings.push(wireFinding("request-uri-headers", uri));
  }
}
