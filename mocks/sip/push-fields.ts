import type { Profile } from "../../harness/trace/run-facts.ts";
import type { NameAddress, SipRequest } from "../../harness/wire/sip-message.ts";
import { header } from "../../harness/wire/headers.ts";

/** What a REGISTER says about how to wake the phone; what it leaves out is absent. */
export interface PushFields {
  readonly provider?: string;
  readonly param?: string;
  readonly token?: string;
}

/** RFC 8599 section 4.1. */
const PN_PARAMETERS = { "pn-provider": "<provider>", "pn-param": "<param>", "pn-prid": "<token>" };
const PLACES = { "<provider>": "provider", "<param>": "param", "<token>": "token" } as const;

/** Reads one Contact of a REGISTER by the templates of the profile, or by RFC 8599 where it has none. */
export function pushFieldsOf(
  registration: Profile["registration"],
  request: SipRequest,
  contact: NameAddress,
): PushFields {
  const { header: field, contactParams = field === undefined ? PN_PARAMETERS : {} } = registration;
  const fields: { -readonly [K in keyof PushFields]: PushFields[K] } = {};
  for (const [name, template] of Object.entries(contactParams)) {
    const value = contact.uri.params.get(name.toLowerCase());
    if (typeof value === "string") Object.assign(fields, valuesIn(template, unescaped(value)));
  }
  const value = field === undefined ? undefined : header(request, field.name);
  if (field !== undefined && value !== undefined) Object.assign(fields, valuesIn(field.value, value));
  return fields;
}

/** What stands where the template has its places; nothing when the text does not fit it. */
function valuesIn(template: string, text: string): PushFields {
  let reader = readers.get(template);
  if (reader === undefined) {
    reader = readerOf(template);
    readers.set(template, reader);
  }
  const found = reader.pattern.exec(text);
  if (found === null) return {};
  return Object.fromEntries(reader.names.map((name, index) => [name, found[index + 1]]));
}

interface Reader {
  readonly pattern: RegExp;
  readonly names: readonly (keyof PushFields)[];
}

/** A profile has few templates, and every REGISTER is read by them. */
const readers = new Map<string, Reader>();

function readerOf(template: string): Reader {
  const names: (keyof PushFields)[] = [];
  const pattern = template
    .split(/(<provider>|<param>|<token>)/)
    .map((part) => {
      if (!(part in PLACES)) return part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
      names.push(PLACES[part as keyof typeof PLACES]);
      return "(.+)";
    })
    .join("");
  return { pattern: new RegExp(`^${pattern}$`, "s"), names };
}

function unescaped(value: string): string {
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
