/** What a digest challenge is answered with (RFC 2617). */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}
