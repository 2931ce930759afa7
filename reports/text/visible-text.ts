// What acts on the reader instead of being read: controls (terminal escapes among them), format characters (bidirectional ones
// among them, Unicode Standard Annex 9 section 2), line and paragraph separators, lone surrogates, noncharacters.
const acting = /(?![\n\t])\p{Cc}|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}]/gu;

/** Text with every character that hides or acts spelled out, as in `⟨U+202E⟩`. Line feeds and tabs stay; CR before LF goes. */
export function visibleText(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(acting, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return `⟨U+${code}⟩`;
  });
}

/** The same on one line: line feeds and tabs are spelled out too. */
export function visibleLine(text: string): string {
  return visibleText(text).replaceAll("\n", "⟨U+000A⟩").replaceAll("\t", "⟨U+0009⟩");
}
