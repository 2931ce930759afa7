/** What is known of a header field by its name alone. */
export interface HeaderName {
  /** Lower-case long form. */
  readonly long: string;
  readonly isToken: boolean;
  /** May stand in a message once only; a bit of its own, so that repeats are seen without a set per message. 0 = may repeat. */
  readonly singleBit: number;
  /** Its value is a comma-separated list. */
  readonly isList: boolean;
}

/** RFC 3261 section 20 and the registered compact forms of its extensions. */
const compactForms: ReadonlyMap<string, string> = new Map([
  ["a", "accept-contact"],
  ["b", "referred-by"],
  ["c", "content-type"],
  ["d", "request-disposition"],
  ["e", "content-encoding"],
  ["f", "from"],
  ["i", "call-id"],
  ["j", "reject-contact"],
  ["k", "supported"],
  ["l", "content-length"],
  ["m", "contact"],
  ["n", "identity-info"],
  ["o", "event"],
  ["r", "refer-to"],
  ["s", "subject"],
  ["t", "to"],
  ["u", "allow-events"],
  ["v", "via"],
  ["x", "session-expires"],
  ["y", "identity"],
]);

/** Content-Length is single too, but has a rule of its own. */
const singleHeaders: readonly string[] = [
  "call-id",
  "cseq",
  "from",
  "to",
  "max-forwards",
  "content-type",
  "content-disposition",
  "date",
  "event",
  "expires",
  "mime-version",
  "min-expires",
  "min-se",
  "organization",
  "priority",
  "rack",
  "refer-to",
  "referred-by",
  "replaces",
  "reply-to",
  "retry-after",
  "rseq",
  "server",
  "session-expires",
  "sip-etag",
  "sip-if-match",
  "subject",
  "timestamp",
  "user-agent",
];

const listHeaders: ReadonlySet<string> = new Set([
  "accept",
  "accept-contact",
  "accept-encoding",
  "accept-language",
  "alert-info",
  "allow",
  "allow-events",
  "call-info",
  "contact",
  "content-encoding",
  "content-language",
  "diversion",
  "error-info",
  "feature-caps",
  "history-info",
  "in-reply-to",
  "p-asserted-identity",
  "p-preferred-identity",
  "path",
  "proxy-require",
  "reason",
  "record-route",
  "reject-contact",
  "request-disposition",
  "require",
  "route",
  "service-route",
  "supported",
  "unsupported",
  "via",
  "warning",
]);

const token = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** Names come from the network: what is remembered is bounded. */
const rememberedNames = 1000;
const known = new Map<string, HeaderName>();

/** Looks a name up in any spelling: `Via`, `VIA`, `v`. */
export function headerName(spelled: string): HeaderName {
  const found = known.get(spelled);
  if (found !== undefined) return found;
  const lower = spelled.toLowerCase();
  const long = compactForms.get(lower) ?? lower;
  const single = singleHeaders.indexOf(long);
  const name: HeaderName = {
    long,
    isToken: token.test(spelled),
    singleBit: single < 0 ? 0 : 1 << single,
    isList: listHeaders.has(long),
  };
  if (known.size < rememberedNames && spelled.length <= 64) known.set(spelled, name);
  return name;
}

/** RFC 3261 section 25.1 `token`. */
export function isToken(text: string): boolean {
  return token.test(text);
}
