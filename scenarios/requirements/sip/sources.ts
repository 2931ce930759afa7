import type { Source } from "../../../harness/judge/requirement.ts";

/** A sentence of RFC 3261 (SIP: Session Initiation Protocol). */
export function rfc3261(section: string, quote: string): Source {
  return { document: "RFC 3261", section, quote };
}
