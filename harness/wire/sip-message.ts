/** One header field as it stood in the message, unfolded. */
export interface HeaderField {
  /** Lower-case long form (`v` becomes `via`). */
  readonly name: string;
  /** The name as spelled. */
  readonly spelled: string;
  /** Trimmed value; folding replaced by one space. Bytes that are not UTF-8 appear as U+FFFD. */
  readonly value: string;
}

/** Something wrong in one message; it never makes the message unreadable. */
export interface WireFinding {
  /** Stable kebab-case name, e.g. `content-length-too-large`. */
  readonly rule: string;
  /** What stands in the message, in words. */
  readonly detail: string;
  /** Document and section. */
  readonly source: string;
}

interface MessageParts {
  /** In message order; comma-joined values are still joined. */
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
  readonly findings: readonly WireFinding[];
}

export interface SipRequest extends MessageParts {
  readonly kind: "request";
  readonly method: string;
  /** The Request-URI as spelled. */
  readonly uri: string;
}

export interface SipResponse extends MessageParts {
  readonly kind: "response";
  readonly status: number;
  readonly reason: string;
}

export type SipMessage = SipRequest | SipResponse;

/** What has no readable start line is no SIP message at all. */
export interface NotSip {
  readonly kind: "not-sip";
  readonly why: string;
}

export interface SipUri {
  /** Lower case: `sip`, `sips`, `tel`, ... */
  readonly scheme: string;
  /** As spelled, escapes kept; absent when there is none. */
  readonly user?: string;
  /** Lower case; an IPv6 reference keeps its brackets. Empty for `tel:`. */
  readonly host: string;
  readonly port?: number;
  /** Names lower case, values as spelled; null = present without a value. */
  readonly params: ReadonlyMap<string, string | null>;
  readonly raw: string;
}

export interface NameAddress {
  readonly displayName: string;
  readonly uri: SipUri;
  /** Header parameters (outside the angle brackets). */
  readonly params: ReadonlyMap<string, string | null>;
}

export interface Via {
  readonly transport: string;
  readonly host: string;
  readonly port?: number;
  readonly branch?: string;
  readonly params: ReadonlyMap<string, string | null>;
  readonly raw: string;
}
