import type { Profile } from "./profile.ts";
import type { Provider, PushTarget } from "./push-service.ts";
import { parseUri, textOf } from "./sip-fields.ts";
import { type SipRequest, valueOf } from "./sip-message.ts";

/** Finds the push token in a REGISTER, or in the URI of one of its contacts, where the profile puts it. */
export type TokenReader = (request: SipRequest, contactUri: string) => PushTarget | undefined;

/** A field of the profile's registration: how to find it in a REGISTER and what its value says. */
interface Field {
  readonly valueIn: (request: SipRequest, contactUri: string) => string | undefined;
  readonly says: (value: string) => Readonly<Record<string, string | undefined>>;
}

export function tokenReader(profile: Profile): TokenReader {
  const fields = fieldsOf(profile);
  return (request, contactUri) => {
    const said: Record<string, string | undefined> = {};
    for (const { valueIn, says } of fields) {
      const value = valueIn(request, contactUri);
      if (value === undefined) continue;
      for (const [name, text] of Object.entries(says(value))) said[name] ??= text;
    }
    const { token, provider } = said;
    return token === undefined ? undefined : { token, provider: providerOf(provider, token) };
  };
}

function fieldsOf(profile: Profile): readonly Field[] {
  const { header, contactParams = {} } = profile.registration;
  const params = Object.entries(contactParams).map(([name, template]): Field => ({
    valueIn: (_request, uri) => {
      const value = textOf(parseUri(uri)?.params.get(name.toLowerCase()));
      return value === undefined ? undefined : unescaped(value);
    },
    says: templateReader(template),
  }));
  if (header === undefined) return params;
  const valueIn = (request: SipRequest): string | undefined => valueOf(request, header.name.toLowerCase());
  return [...params, { valueIn, says: templateReader(header.value) }];
}

/** Where the registration does not say whose a token is, its form does: those of APNs are hexadecimal. */
function providerOf(named: string | undefined, token: string): Provider {
  const provider = named?.toLowerCase();
  if (provider === "apns" || provider === "fcm") return provider;
  return /^[0-9a-f]+$/i.test(token) ? "apns" : "fcm";
}

/** `a<token>b` becomes a function that cuts what `<token>` stands for out of a value of that form. */
function templateReader(template: string): Field["says"] {
  const read = new Set<string>();
  const pattern = template
    .split(/(<[a-z]+>)/)
    .map((part) => {
      const name = /^<([a-z]+)>$/.exec(part)?.[1];
      if (name === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      if (name !== "token" && name !== "provider") return ".*?";
      if (read.has(name)) return `\\k<${name}>`;
      read.add(name);
      return name === "token" ? "(?<token>.+)" : "(?<provider>.*?)";
    })
    .join("");
  const expression = new RegExp(`^${pattern}$`, "s");
  return (value) => expression.exec(value)?.groups ?? {};
}

function unescaped(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
