import { noOddities, parseParameters } from "./parameters.ts";
import type { ParameterOddities } from "./parameters.ts";
import type { Via } from "./sip-message.ts";
import { isHost, portOf } from "./sip-uri.ts";
import type { Writable } from "./sip-uri.ts";

/** A Via value with what is odd about its parameters. */
export interface ReadVia {
  /** Undefined when no sent-by can be read. */
  readonly via: Via | undefined;
  readonly oddities: ParameterOddities;
}

/** White space is legal around each `/` (RFC 3261 section 25.1 SLASH). */
const protocol = /^[^\s/]+\s*\/\s*[^\s/]+\s*\/\s*([^\s/]+)\s+/;

/** Reads one Via value (RFC 3261 section 20.42). `transport` is given in upper case, `host` in lower case. */
export function readVia(text: string): ReadVia {
  const oddities = noOddities();
  let transport: string;
  let rest: number;
  const space = text.startsWith("SIP/2.0/") ? text.indexOf(" ", 8) : -1;
  if (space > 8 && text.charCodeAt(space + 1) > 0x20) {
    transport = text.slice(8, space);
    rest = space + 1;
  } else {
    const match = protocol.exec(text);
    if (match?.[1] === undefined) return { via: undefined, oddities };
    transport = match[1];
    rest = match[0].length;
  }
  const semicolon = text.indexOf(";", rest);
  const sentBy = text.slice(rest, semicolon < 0 ? text.length : semicolon).trim();
  const bracket = sentBy.startsWith("[") ? sentBy.indexOf("]") : 0;
  const colon = bracket < 0 ? -1 : sentBy.indexOf(":", bracket);
  const host = (colon < 0 ? sentBy : sentBy.slice(0, colon)).trimEnd();
  const port = colon < 0 ? undefined : portOf(sentBy.slice(colon + 1).trimStart());
  if (!isHost(host) || (colon >= 0 && port === undefined)) return { via: undefined, oddities };
  const params = parseParameters(semicolon < 0 ? "" : text.slice(semicolon), oddities);
  const branch = params.get("branch");
  const via: Writable<Via> = { transport: transport.toUpperCase(), host: host.toLowerCase(), params, raw: text };
  if (port !== undefined) via.port = port;
  if (typeof branch === "string") via.branch = branch;
  return { via, oddities };
}

/** Reads one Via value; undefined when it has no readable sent-protocol or sent-by. */
export function parseVia(text: string): Via | undefined {
  return readVia(text.trim()).via;
}
