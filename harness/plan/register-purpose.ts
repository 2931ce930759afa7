import { callId, contacts, cseq, header } from "../wire/headers.ts";
import type { SipRequest } from "../wire/sip-message.ts";
import { sipOf } from "../trace/sip-of.ts";
import type { EventOf, TraceEvent } from "../trace/trace-event.ts";

/** What a REGISTER does: bind at least one Contact, only remove, or (without Contact) merely ask (RFC 3261 10.2). */
export type RegisterPurpose = "binds" | "removes" | "asks";

/** Reads the purpose off a REGISTER: `Contact: *` and `expires=0` remove (RFC 3261 10.2.2). */
export function registerPurpose(register: SipRequest): RegisterPurpose {
  const named = contacts(register);
  if (named.length === 0) return "asks";
  const general = header(register, "expires");
  const removes = named.every(
    (contact) => contact === "*" || (contact.params.get("expires") ?? general ?? "").trim() === "0",
  );
  return removes ? "removes" : "binds";
}

/** Remembers the REGISTERs that left, so that a response can be read by the request it answers. */
export interface RegisterLedger {
  /** Tells the ledger of an event; anything but a REGISTER of a phone is ignored. */
  readonly observe: (event: TraceEvent) => void;
  /** The purpose of a REGISTER, or of the one a response answers; undefined for all else. */
  readonly purposeOf: (event: EventOf<"sip">) => RegisterPurpose | undefined;
}

export function registerLedger(): RegisterLedger {
  const purposes = new Map<string, RegisterPurpose>();

  function keyOf(event: EventOf<"sip">): string | undefined {
    const message = sipOf(event);
    if (message.kind === "not-sip") return undefined;
    const sequence = cseq(message);
    if (sequence?.method !== "REGISTER") return undefined;
    return JSON.stringify([event.phone, callId(message), sequence.number]);
  }

  return {
    observe(event) {
      // In the client role the phone's end is the app: what reaches RingTrue's SIP server is its own.
      if (event.kind !== "sip" || (event.from !== "phone" && event.to !== "server")) return;
      const message = sipOf(event);
      if (message.kind !== "request" || message.method !== "REGISTER") return;
      const key = keyOf(event);
      if (key !== undefined) purposes.set(key, registerPurpose(message));
    },
    purposeOf(event) {
      const key = keyOf(event);
      return key === undefined ? undefined : purposes.get(key);
    },
  };
}
