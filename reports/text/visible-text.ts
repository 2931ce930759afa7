// What would act on the reader instead of being read: C0 and C1 controls (terminal escapes among them), line and paragraph
// separators, zero-width and bidirectional controls (Unicode Standard Annex 9, section 2), lone surrogates, noncharacters.
const invisible =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff]|\p{Cs}|[\u{e0000}-\u{e007f}]/gu;

/** Text with every character that hides or acts spelled out, as in `⟨U+202E⟩`. Line feeds and tabs stay; CR before LF goes. */
export function visibleText(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(invisible, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return `⟨U+${code}⟩`;
  });
}

/** The same on one line: line feeds and tabs are spelled out too. */
export function visibleLine(text: string): string {
  return visibleText(text).replaceAll("\n", "⟨U+000A⟩").replaceAll("\t", "⟨U+0009⟩");
}
