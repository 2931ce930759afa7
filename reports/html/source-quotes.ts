import type { Source } from "../../harness/judge/requirement.ts";
import { html, type Markup } from "./markup.ts";

/** The sentences a requirement rests on, each with where it stands. */
export function sourceQuotes(sources: readonly Source[]): Markup {
  return html`${sources.map(
    ({ document, section, quote }) =>
      html`<blockquote>
        <p>${quote}</p>
        <footer>${document}, ${section}</footer>
      </blockquote> `,
  )}`;
}
