import type { SipResponse } from "../../harness/wire/sip-message.ts";

/** One REGISTER of a phone or caller. */
export interface Registration {
  /** Lifetime asked for, in seconds; 0 removes the binding. */
  readonly expiresS: number;
  /** Parameters of the Contact URI, written byte for byte: `;pn-provider=apns;pn-param=...;pn-prid=...` (RFC 8599 4.1.1). @default "" */
  readonly contactParams?: string;
  /** One more header field, such as a vendor's token header. */
  readonly header?: { readonly name: string; readonly value: string };
  /** `urn:uuid:...` for `+sip.instance`, with `reg-id=1` and `Supported: outbound` (RFC 5626 4.2.1). */
  readonly instance?: string;
  /** Contact URI, as spelled when it was registered, of an older binding that the same request removes (`expires=0`). */
  readonly removeContact?: string;
}

/** How a REGISTER ended: its last final response (after digest, when challenged), or none. */
export type RegisterOutcome =
  | { readonly kind: "response"; readonly status: number; readonly response: SipResponse }
  | { readonly kind: "timeout" }
  | { readonly kind: "flow-closed" };
