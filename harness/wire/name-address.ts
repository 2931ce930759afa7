import { noOddities, parseParameters, unquote } from "./parameters.ts";
import type { ParameterOddities, Parameters } from "./parameters.ts";
import type { NameAddress } from "./sip-message.ts";
import { parseSipUri } from "./sip-uri.ts";
import { endOfQuoted } from "./split-top-level.ts";

/** A From, To or Contact value with what is odd about it. */
export interface ReadNameAddress {
  /** Undefined when no URI can be read. */
  readonly address: NameAddress | undefined;
  /** Header parameters, which are readable even where the URI is not. */
  readonly params: Parameters;
  readonly headerOddities: ParameterOddities;
  readonly uriOddities: ParameterOddities;
  /** A display name that is neither tokens nor a quoted string. */
  readonly unquotedDisplayName: boolean;
  /** The URI stands without `<>` although it holds a comma or a question mark (RFC 3261 section 20). */
  readonly bracketsMissing: boolean;
}

const tokens = /^[A-Za-z0-9\-.!%*_+`'~ \t]*$/;

/** Reads `"Name" <uri>;params` or `uri;params`; without angle brackets every parameter belongs to the header (RFC 3261 section 20.10). */
export function readNameAddress(text: string): ReadNameAddress {
  const headerOddities = noOddities();
  const uriOddities = noOddities();
  const quotedEnd = text.startsWith('"') ? endOfQuoted(text, 0) : 0;
  const open = text.indexOf("<", quotedEnd);
  if (open < 0) {
    const semicolon = text.indexOf(";", quotedEnd);
    const uriText = (semicolon < 0 ? text : text.slice(0, semicolon)).trim();
    const params = parseParameters(semicolon < 0 ? "" : text.slice(semicolon), headerOddities);
    const uri = parseSipUri(uriText, uriOddities);
    const address = uri === undefined ? undefined : { displayName: "", uri, params };
    const bracketsMissing = uriText.includes("?") || uriText.includes(",");
    return { address, params, headerOddities, uriOddities, unquotedDisplayName: false, bracketsMissing };
  }
  const close = text.indexOf(">", open);
  const nameText = text.slice(0, open).trim();
  const params = parseParameters(close < 0 ? "" : text.slice(close + 1), headerOddities);
  const uri = close < 0 ? undefined : parseSipUri(text.slice(open + 1, close), uriOddities);
  const quoted = nameText.startsWith('"');
  return {
    address: uri === undefined ? undefined : { displayName: quoted ? unquote(nameText) : nameText, uri, params },
    params,
    headerOddities,
    uriOddities,
    unquotedDisplayName: quoted ? !isQuotedString(nameText) : !tokens.test(nameText),
    bracketsMissing: false,
  };
}

/** Reads a value such as a From or Contact; undefined when it holds no readable URI. */
export function parseNameAddress(text: string): NameAddress | undefined {
  return readNameAddress(text.trim()).address;
}

function isQuotedString(text: string): boolean {
  return text.length >= 2 && endOfQuoted(text, 0) === text.length && text.endsWith('"');
}
