import type { Source } from "../../../harness/judge/requirement.ts";

/** A sentence of HTTP/2, which both push services speak. */
export function rfc9113(section: string, quote: string): Source {
  return { document: "RFC 9113", section, quote };
}
