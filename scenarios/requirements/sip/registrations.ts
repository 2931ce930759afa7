import type { Trace } from "../../../harness/trace/trace.ts";
import { contacts, expires } from "../../../harness/wire/headers.ts";
import type { NameAddress } from "../../../harness/wire/sip-message.ts";
import type { SeenRequest, SeenResponse } from "./messages-of.ts";
import { transactionsOf } from "./transactions-of.ts";

/** A REGISTER that bound contacts, and the 2xx to it. */
export interface AcceptedBindings {
  readonly request: SeenRequest;
  readonly response: SeenResponse;
  /** The contacts it asked to bind; those it removes (expiry 0, `*`) are not among them. */
  readonly bound: readonly NameAddress[];
}

/** Every REGISTER with at least one contact to bind that was answered 2xx. */
export function acceptedBindings(trace: Trace): readonly AcceptedBindings[] {
  return transactionsOf(trace, "world", "REGISTER").flatMap(({ request, responses }) => {
    const response = responses.find(({ message }) => Math.floor(message.status / 100) === 2);
    const bound = contacts(request.message).filter(
      (contact): contact is NameAddress => contact !== "*" && !isRemoval(contact, request),
    );
    return response === undefined || bound.length === 0 ? [] : [{ request, response, bound }];
  });
}

/** The expires parameter first, then the Expires header field (RFC 3261, 10.2.1.1). */
function isRemoval(contact: NameAddress, request: SeenRequest): boolean {
  const own = contact.params.get("expires");
  return own === undefined || own === null ? expires(request.message) === 0 : Number(own) === 0;
}
