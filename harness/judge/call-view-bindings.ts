import { contacts, expires, header } from "../wire/headers.ts";
import type { NameAddress, SipUri } from "../wire/sip-message.ts";
import { sameUri } from "../wire/sip-uri.ts";
import type { Profile } from "../trace/run-facts.ts";
import type { RequestMessage } from "./call-view-messages.ts";

/** What a registrar that follows RFC 3261, 10.3 knows of one Contact of a phone. */
export interface Binding {
  readonly uri: SipUri;
  /** `+sip.instance` with `reg-id` (RFC 5626, 6): replaces the binding of the same pair whatever its URI. */
  readonly instance: string | undefined;
  readonly token: string | undefined;
  readonly flow: string;
}

/**
 * The bindings after a REGISTER was accepted. Expiry is not modelled: a binding lasts until it is replaced or removed.
 * `tokens` are those the phone was ever issued: the one in the place the profile names is the binding's.
 */
export function bindingsAfter(
  bindings: readonly Binding[],
  register: RequestMessage,
  profile: Profile,
  tokens: readonly string[],
): readonly Binding[] {
  let result = bindings;
  for (const contact of contacts(register.sip)) {
    if (contact === "*") {
      result = [];
      continue;
    }
    const instance = instanceOf(contact);
    result = result.filter(
      (binding) => !(instance === undefined ? sameUri(binding.uri, contact.uri) : binding.instance === instance),
    );
    if (lifetimeOf(contact, register) > 0) {
      const token = tokenIn(contact, register, profile, tokens);
      result = [...result, { uri: contact.uri, instance, token, flow: register.event.flow }];
    }
  }
  return result;
}

/** True when the REGISTER does nothing but take bindings away. */
export function isRemoval(register: RequestMessage): boolean {
  const listed = contacts(register.sip);
  return listed.length > 0 && listed.every((contact) => contact === "*" || lifetimeOf(contact, register) === 0);
}

function lifetimeOf(contact: NameAddress, register: RequestMessage): number {
  const own = Number(contact.params.get("expires") ?? undefined);
  return Number.isInteger(own) ? own : (expires(register.sip) ?? 3600);
}

function instanceOf(contact: NameAddress): string | undefined {
  const instance = contact.params.get("+sip.instance") ?? undefined;
  const regId = contact.params.get("reg-id") ?? undefined;
  return instance === undefined || regId === undefined ? undefined : `${instance} ${regId}`;
}

function tokenIn(
  contact: NameAddress,
  register: RequestMessage,
  profile: Profile,
  tokens: readonly string[],
): string | undefined {
  const places = Object.entries(profile.registration.contactParams ?? {})
    .filter(([, template]) => template.includes("<token>"))
    .map(([name]) => contact.uri.params.get(name.toLowerCase()) ?? contact.params.get(name.toLowerCase()) ?? "");
  const own = profile.registration.header;
  if (own?.value.includes("<token>") === true) places.push(header(register.sip, own.name.toLowerCase()) ?? "");
  return tokens.findLast((token) => places.some((place) => place.includes(token)));
}
