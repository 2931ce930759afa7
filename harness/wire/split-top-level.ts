/**
 * Splits at a separator that stands outside quoted strings and angle brackets (RFC 3261 section 7.3.1).
 * Parts are trimmed and may be empty.
 */
export function splitTopLevel(text: string, separator: "," | ";"): readonly string[] {
  if (!text.includes(separator)) return [text.trim()];
  if (!text.includes('"') && !text.includes("<")) return text.split(separator).map((part) => part.trim());
  const parts: string[] = [];
  let start = 0;
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    if (char === '"') at = endOfQuoted(text, at);
    else if (char === "<") {
      const close = text.indexOf(">", at);
      // An angle bracket that is never closed hides nothing: what follows is read as if it were not there.
      at = close < 0 ? at + 1 : close + 1;
    } else {
      if (char === separator) {
        parts.push(text.slice(start, at).trim());
        start = at + 1;
      }
      at += 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts;
}

/** Index behind the quoted string that opens at `open`; the end of the text when it is never closed. */
export function endOfQuoted(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 0x5c) at += 1;
    else if (char === 0x22) return at + 1;
  }
  return text.length;
}
