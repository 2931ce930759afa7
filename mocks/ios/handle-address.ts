/**
 * The number or address in a handle, whatever its spelling (DEVICE-LINK section 3): `tel:+1-555-0100`, `sip:+15550100@a.test` and
 * `+1 555 0100` are one number, `sip:ann@a.test` and `ANN@a.test` one address.
 */
export function handleAddress(handle: string): string {
  const bare = handle
    .trim()
    .toLowerCase()
    .replace(/^(?:sips?|tel|mailto):/u, "")
    .replace(/[;?].*$/su, "");
  const at = bare.lastIndexOf("@");
  const user = at < 0 ? bare : bare.slice(0, at);
  return /^\+?[\d\s().-]*\d[\d\s().-]*$/u.test(user) ? user.replaceAll(/[^+\d]/gu, "") : bare;
}
