import type { Profile } from "../../../harness/trace/run-facts.ts";
import type { PhoneIdentity } from "../../../harness/trace/trace.ts";
import { contacts, header } from "../../../harness/wire/headers.ts";
import type { NameAddress, SipRequest } from "../../../harness/wire/sip-message.ts";

/** One field of a REGISTER that says how to wake the phone. */
export interface PushField {
  /** As reports call it: `pn-prid in the Contact URI`. */
  readonly name: string;
  readonly expected: string;
  readonly actual: string | undefined;
}

/** The fields the profile asks for, in every Contact of a REGISTER that binds one (RFC 8599, 4.1.1: parameters of the Contact URI). */
export function pushFieldsOf(
  profile: Profile,
  identity: PhoneIdentity,
  token: string,
  request: SipRequest,
): readonly PushField[] {
  const { contactParams = {}, header: own } = profile.registration;
  const filled = (template: string) =>
    template
      .replace("<token>", () => token)
      .replace("<provider>", () => identity.provider)
      .replace("<param>", () => identity.param);
  const inUri = addressesOf(request).flatMap((contact) =>
    Object.entries(contactParams).map(([name, template]) => {
      const value = contact.uri.params.get(name.toLowerCase());
      return {
        name: `${name} in the Contact URI`,
        expected: filled(template),
        actual: typeof value === "string" ? unescaped(value) : undefined,
      };
    }),
  );
  if (own === undefined) return inUri;
  return [
    ...inUri,
    {
      name: `the ${own.name} header field`,
      expected: filled(own.value),
      actual: header(request, own.name),
    },
  ];
}

/** The profile registers as RFC 8599 says: the token is `pn-prid`. */
export function isRfc8599(profile: Profile): boolean {
  return Object.keys(profile.registration.contactParams ?? {}).some((name) => name.toLowerCase() === "pn-prid");
}

export function addressesOf(request: SipRequest): readonly NameAddress[] {
  return contacts(request).filter((contact) => contact !== "*");
}

/** RFC 8599, 8.7: what is no `pvalue` is percent-escaped. */
export function unescaped(value: string): string {
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** The token stands where the profile has a place for it. */
export function carriesToken(profile: Profile, token: string, request: SipRequest): boolean {
  const { contactParams = {}, header: own } = profile.registration;
  const places = addressesOf(request).flatMap((contact) =>
    Object.entries(contactParams)
      .filter(([, template]) => template.includes("<token>"))
      .map(([name]) => unescaped(contact.uri.params.get(name.toLowerCase()) ?? "")),
  );
  if (own?.value.includes("<token>") === true) places.push(header(request, own.name) ?? "");
  return places.some((place) => place.toLowerCase().includes(token.toLowerCase()));
}
