import { randomBytes } from "node:crypto";

/** The form every current registration token has: an installation id, `APA91b`, and 134 more characters. */
const TOKEN = /^[\w-]{11}(?:[\w-]{11})?:APA91b[\w-]{134}$/;

/**
 * Whether FCM could have issued it. Google documents no form; a text of another one is answered with `INVALID_ARGUMENT`, one
 * of this form that FCM does not know with `UNREGISTERED`.
 */
export function isRegistrationToken(text: string): boolean {
  return TOKEN.test(text);
}

/** Makes a token of the form FCM issues; `random` gives that many bytes. */
export function createRegistrationToken(random: (size: number) => Uint8Array = randomBytes): string {
  const text = (characters: number) =>
    Buffer.from(random(Math.ceil((characters * 3) / 4)))
      .toString("base64url")
      .slice(0, characters);
  return `${text(22)}:APA91b${text(134)}`;
}
