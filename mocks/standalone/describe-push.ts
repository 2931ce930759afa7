import type { LoggedFinding, LoggedPush } from "./logged-push.ts";

/** `apns/expiration (too-late): expected ...; actual ... [Apple, "..."]` */
export function describeFinding({ rule, mismatch, expected, actual, source }: LoggedFinding): string {
  return `${rule} (${mismatch}): expected ${expected}; actual ${actual}${source === undefined ? "" : ` [${source}]`}`;
}

/** `push 3 to apns for token 0a1b: 410 Unregistered` */
export function describePush({ number, service, token, status, reason, became }: LoggedPush): string {
  const answer = status === undefined ? became : reason === undefined ? status : `${status} ${reason}`;
  return `push ${number} to ${service}${token === undefined ? "" : ` for token ${token}`}: ${answer}`;
}
