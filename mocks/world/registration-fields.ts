import type { Profile } from "../../harness/trace/run-facts.ts";

/** What a phone fills the templates of a profile's registration with. */
export interface RegistrationValues {
  readonly provider: string;
  readonly param: string;
}

/**
 * The Contact URI parameters a REGISTER carries, as text (`;pn-provider=apns;...`). Without a token, what would hold it is
 * left out: RFC 8599 4.1.2 keeps pn-prid out of a REGISTER that removes the binding.
 */
export function contactParamsOf(profile: Profile, values: RegistrationValues, token: string | undefined): string {
  return Object.entries(profile.registration.contactParams ?? {})
    .filter(([, template]) => token !== undefined || !template.includes("<token>"))
    .map(([name, template]) => `;${name}=${escapeParam(fill(template, values, token))}`)
    .join("");
}

/** The header field that carries the token, where the profile has one and there is a token. */
export function tokenHeaderOf(
  profile: Profile,
  values: RegistrationValues,
  token: string | undefined,
): { readonly name: string; readonly value: string } | undefined {
  const { header } = profile.registration;
  if (header === undefined || token === undefined) return undefined;
  return { name: header.name, value: fill(header.value, values, token) };
}

function fill(template: string, { provider, param }: RegistrationValues, token = ""): string {
  return template.replaceAll("<token>", token).replaceAll("<provider>", provider).replaceAll("<param>", param);
}

/** RFC 3261 25.1: a uri-parameter value is made of `paramchar`; all else is escaped (RFC 8599 8.7). */
function escapeParam(value: string): string {
  return value.replace(/[^A-Za-z0-9\-_.!~*'()[\]/:&+$]/g, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
  );
}
