/** What a Reason header field (RFC 3326) says of a CANCEL. */
export function cancelReason(reason = "") {
  if (/SIP\s*;.*cause=200|Q\.850\s*;.*cause=26/i.test(reason)) return "answered-elsewhere";
  if (/SIP\s*;.*cause=6\d\d/i.test(reason)) return "declined-elsewhere";
  return "cancelled";
}
