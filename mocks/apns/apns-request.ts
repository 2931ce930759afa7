import type { ProviderTokenReading } from "./provider-token.ts";

/** One push request as data: all the rules may look at. */
export interface ApnsRequest {
  readonly method: string;
  readonly path: string;
  /** Without pseudo-headers: lower-case names, order and repetition kept, values as received. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** At most the first 64 KiB. */
  readonly body: Uint8Array;
  /** What its `authorization` says, already verified. */
  readonly providerToken: ProviderTokenReading;
  readonly connection: ApnsConnectionState;
}

/** What a connection brings along to each of its requests. */
export interface ApnsConnectionState {
  readonly id: string;
  readonly clientCertificate?: ClientCertificate;
  /** Every provider token the connection carried before and with this request, oldest first. */
  readonly providerTokens: readonly SeenProviderToken[];
}

/** A TLS client certificate; `accepted` when the test authority signed it and it names an app. */
export interface ClientCertificate {
  /** One line, for people. */
  readonly subject: string;
  readonly accepted: boolean;
  /** Topics it may push to. */
  readonly topics: readonly string[];
}

export interface SeenProviderToken {
  /** Short hash of the token's text. */
  readonly fingerprint: string;
  readonly issuedAtS?: number;
  /** Epoch milliseconds. */
  readonly firstSeenMs: number;
}

/** What the simulated push service knows of a token: `replaced` ones were issued once and are accepted but delivered to nobody. */
export type TokenDirectory = (token: string) => { readonly state: "current" | "replaced" | "unknown" };

/** What the rules measure a request against. */
export interface ApnsContext {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** `<bundle id>.voip` */
  readonly topic: string;
  readonly teamId: string;
  readonly keyId: string;
  readonly expirationMaxS: number;
  /** Whether a provider token refreshed within 20 minutes is answered with 429. */
  readonly strictRefresh: boolean;
  readonly lookUpToken: TokenDirectory;
}

/** A rule broken by one push; becomes a `finding` event about it. */
export interface ApnsFinding {
  readonly rule: string;
  readonly mismatch: string;
  readonly expected: string;
  readonly actual: string;
}

/** The first value of a header, or undefined. */
export function headerOf(request: ApnsRequest, name: string): string | undefined {
  return request.headers.find(([candidate]) => candidate === name)?.[1];
}

/** The device token a path names, also where the path is otherwise wrong (no version, say). Hex comes in lower case. */
export function deviceTokenOf(path: string): string | undefined {
  const segment = /(?:^|\/)device\/([^/?#]+)/.exec(path)?.[1];
  if (segment === undefined) return undefined;
  return /^[0-9a-f]+$/i.test(segment) ? segment.toLowerCase() : decoded(segment);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
