import type { Source } from "../../harness/judge/requirement.ts";

/** Apple's own words outside PushKit's article and the reference; those are in `client-documents.ts`. */

/** An answer of Apple's developer technical support. */
export function appleForums(section: string, quote: string): Source {
  return { document: "Apple Developer Forums, answers of DTS", section, quote };
}

/** Comments of CXProvider.h, which the reference leaves out. */
export function callKitHeader(section: string, quote: string): Source {
  return { document: "Apple, CallKit, CXProvider.h", section, quote };
}

/** Comments of the sample app "VoIP calling with CallKit" (Speakerbox). */
export function callKitSample(section: string, quote: string): Source {
  return { document: "Apple, VoIP calling with CallKit, ProviderDelegate.swift", section, quote };
}
