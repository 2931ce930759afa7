/** Whether two device tokens are one: those of APNs are hexadecimal and may come in either case, those of FCM are meant letter for letter. */
export function sameToken(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a === b || (isHexadecimal(a) && isHexadecimal(b) && a.toLowerCase() === b.toLowerCase());
}

function isHexadecimal(token: string): boolean {
  return /^[0-9a-f]+$/iu.test(token);
}
