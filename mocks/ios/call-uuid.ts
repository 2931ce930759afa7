/** RFC 9562 section 4, text form; any variant and version, as Foundation's `UUID(uuidString:)` reads it. */
const uuidText = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/iu;

/** Lower case, in which calls are told apart; undefined for text that is no UUID. */
export function callUUIDOf(text: string): string | undefined {
  return uuidText.test(text) ? text.toLowerCase() : undefined;
}

/** As CallKit hands it to the app: Foundation's `uuidString` is in upper case, whatever the app wrote. */
export function uuidString(callUUID: string): string {
  return callUUID.toUpperCase();
}
