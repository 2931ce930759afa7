/** Finds the header in a head of one character per byte, folded lines included; `l` is its compact form (RFC 3261 section 20.14). */
const contentLengthRows = /\n(?:content-length|l)[ \t]*:((?:[^\r\n]|\r?\n[ \t])*)/gi;

/**
 * The length of the body that a head announces, in bytes: 0 when it says nothing. A sentence when no length can be made of it.
 */
export function announcedLength(head: string): number | string {
  let length: number | undefined;
  for (const match of head.matchAll(contentLengthRows)) {
    const value = (match[1] ?? "").trim();
    if (!/^[0-9]+$/.test(value)) return `Content-Length "${value.slice(0, 80)}" is not a number`;
    if (length !== undefined && length !== Number(value)) return "two Content-Length headers differ";
    length = Number(value);
  }
  return length ?? 0;
}
