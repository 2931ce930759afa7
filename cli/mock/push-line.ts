import { meaningOfReason } from "../../mocks/apns/apns-reason.ts";
import { describeFinding } from "../../mocks/standalone/describe-push.ts";
import type { ConnectionProblem, LoggedPush, PushEnd } from "../../mocks/standalone/logged-push.ts";
import { visibleLine } from "../../reports/text/visible-text.ts";
import { timeOfDay } from "./time-of-day.ts";

const ENDS: Readonly<Record<PushEnd, string>> = {
  delivered: "delivered",
  stored: "stored until the phone can be reached",
  dropped: "dropped: the phone cannot be reached",
  "delivered-to-nobody": "accepted, for a token that another has replaced",
  "not-delivered": "accepted, and delivered to no phone",
  refused: "refused",
  reset: "reset",
  abandoned: "the client gave up waiting",
};

/** Firebase, "REST Resource: FcmError", ErrorCode, in fewer words; and Google's own names of a status. */
const FCM_MEANINGS: Readonly<Record<string, string>> = {
  UNSPECIFIED_ERROR: "FCM says no more about it.",
  INVALID_ARGUMENT: "Something in the request is not as it must be.",
  UNREGISTERED: "The app instance is no longer registered with FCM: forget its token.",
  SENDER_ID_MISMATCH: "The token was issued to another sender.",
  QUOTA_EXCEEDED: "Too many messages: wait as long as Retry-After says.",
  UNAVAILABLE: "FCM is overloaded: wait as long as Retry-After says.",
  INTERNAL: "FCM failed.",
  THIRD_PARTY_AUTH_ERROR: "The APNs certificate or the web push key is not valid.",
  UNAUTHENTICATED: "There is no valid access token.",
  PERMISSION_DENIED: "The access token does not allow this.",
  NOT_FOUND: "There is nothing under this URL.",
};

/** A push as it is shown live: one line, and one more for each finding. Nothing in it can act on a terminal. */
export function pushLines(push: LoggedPush): readonly string[] {
  const { service, status, reason, became, findings, scripted } = push;
  const meaning =
    reason === undefined ? undefined : service === "apns" ? meaningOfReason(reason) : FCM_MEANINGS[reason];
  const answer = [status, reason].filter((part) => part !== undefined).join(" ");
  const what = status === undefined || status === 200 ? ENDS[became] : (meaning ?? ENDS[became]);
  const line = [
    timeOfDay(push.receivedAtMs),
    service.padEnd(4),
    shortToken(push.token),
    kindOf(push),
    `${answer}${answer === "" ? "" : scripted ? " (scripted):" : ":"} ${what}`,
  ].join("  ");
  return [line, ...findings.map((finding) => `              ! ${describeFinding(finding)}`)].map(visibleLine);
}

/** What a connection did wrong, or why there is none. */
export function problemLines({ service, atMs, connection, failed, findings }: ConnectionProblem): readonly string[] {
  const line = `${timeOfDay(atMs)}  ${service.padEnd(4)}  connection ${connection}${failed === undefined ? "" : ` failed: ${failed}`}`;
  return [line, ...findings.map((finding) => `              ! ${describeFinding(finding)}`)].map(visibleLine);
}

/** A push that was stored and has reached its phone. */
export function lateLine(push: LoggedPush, nowMs: number): string {
  return visibleLine(
    `${timeOfDay(nowMs)}  ${push.service.padEnd(4)}  ${shortToken(push.token)}  push ${push.number} delivered now`,
  );
}

function shortToken(token: string | undefined): string {
  if (token === undefined) return "no token";
  return token.length <= 16 ? token : `${token.slice(0, 8)}…${token.slice(-4)}`;
}

function kindOf({ service, headers, payload, delivery }: LoggedPush): string {
  if (service === "apns")
    return `${headers["apns-push-type"] ?? "no push type"} ${headers["apns-topic"] ?? "no topic"}`;
  const message = memberOf(payload, "message");
  const kinds = ["notification", "data"].filter((name) => memberOf(message, name) !== undefined);
  const android = memberOf(memberOf(message, "android"), "priority");
  const priority = delivery?.priority ?? (typeof android === "string" ? android.toLowerCase() : undefined);
  return [kinds.length === 0 ? "no data" : kinds.join("+"), ...(priority === undefined ? [] : [priority])].join(" ");
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
