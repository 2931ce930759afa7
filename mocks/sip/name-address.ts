/** `"Display" <uri>`: the name quoted and escaped, what cannot stand in a quoted string left out (RFC 3261 section 25.1). */
export function nameAddress(displayName: string, uri: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what must go
  const name = displayName.replace(/[\u0000-\u001f\u007f]/g, "").replace(/["\\]/g, "\\$&");
  return name === "" ? `<${uri}>` : `"${name}" <${uri}>`;
}
