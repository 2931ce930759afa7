import type { HeaderField } from "../http/http-exchange.ts";

let last: {
  readonly fields: readonly HeaderField[];
  readonly instead: string;
  readonly redacted: readonly HeaderField[];
} = { fields: [], instead: "", redacted: [] };

/**
 * Header fields with something else for the value of `authorization`. Those of a sender that repeats itself are one array, and so
 * is what is given for them.
 */
export function redactedFields(fields: readonly HeaderField[], instead: string): readonly HeaderField[] {
  if (last.fields !== fields || last.instead !== instead) {
    const redacted = fields.map((field) => (field[0] === "authorization" ? ([field[0], instead] as const) : field));
    last = { fields, instead, redacted };
  }
  return last.redacted;
}
