import type { Profile } from "./profile.ts";
import { parseUri, textOf } from "./sip-fields.ts";
import { type SipRequest, valueOf } from "./sip-message.ts";

/** Finds the push token in a REGISTER, or in the URI of one of its contacts, where the profile puts it. */
export type TokenReader = (request: SipRequest, contactUri: string) => string | undefined;

export function tokenReader(profile: Profile): TokenReader {
  const { header, contactParams = {} } = profile.registration;
  const inHeader =
    header === undefined || !header.value.includes("<token>") ? undefined : templateMatcher(header.value);
  const inParam = Object.entries(contactParams).find(([, template]) => template.includes("<token>"));
  const matchParam = inParam === undefined ? undefined : templateMatcher(inParam[1]);
  return (request, contactUri) => {
    if (inParam !== undefined && matchParam !== undefined) {
      const value = textOf(parseUri(contactUri)?.params.get(inParam[0].toLowerCase()));
      if (value !== undefined) return matchParam(unescaped(value));
    }
    if (header !== undefined && inHeader !== undefined) {
      const value = valueOf(request, header.name.toLowerCase());
      if (value !== undefined) return inHeader(value);
    }
    return undefined;
  };
}

/** `a<token>b` becomes a function that cuts the token out of a value of that form. */
function templateMatcher(template: string): (value: string) => string | undefined {
  const pattern = template
    .split(/(<[a-z]+>)/)
    .map((part) => {
      if (part === "<token>") return "(.+)";
      return /^<[a-z]+>$/.test(part) ? ".*?" : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    })
    .join("");
  const expression = new RegExp(`^${pattern}$`, "s");
  return (value) => expression.exec(value)?.[1];
}

function unescaped(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
