/** A word as `NODE_OPTIONS` wants it: with a space it is put into double quotes, in which a backslash escapes (Node.js, CLI). */
export function nodeOptionsWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
