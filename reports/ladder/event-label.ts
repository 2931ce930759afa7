import { sipOf } from "../../harness/trace/sip-of.ts";
import type { SipEvent, TraceEvent } from "../../harness/trace/trace-event.ts";
import { methodOf } from "../../harness/wire/headers.ts";
import { deviceLabel, shortToken } from "./device-label.ts";

/** The push services as people call them. */
export const serviceNames = { apns: "APNs", fcm: "FCM" } as const;

/** An event in a few words, as they stand on its arrow. They may hold what the target sent. */
export function eventLabel(event: TraceEvent): string {
  switch (event.kind) {
    case "sip":
      return sipLabel(event);
    case "flow.opened":
      return `${event.transport.toUpperCase()} socket opened`;
    case "flow.silenced":
      return "socket silent from now on";
    case "flow.closed":
      return `socket closed (${event.why})`;
    case "flow.garbage":
      return `${event.bytes.length} bytes that are no SIP (${event.why})`;
    case "push.request":
      return `push to ${serviceNames[event.service]}${event.token === undefined ? "" : ` (token ${shortToken(event.token)})`}`;
    case "push.response":
      return `push ${event.status}${event.reason === undefined ? "" : ` ${event.reason}`}${event.retryAfterS === undefined ? "" : `, retry after ${event.retryAfterS} s`}`;
    case "push.reset":
      return "push stream reset";
    case "push.delivered":
      return `push delivered${event.priority === "normal" ? " with normal priority" : ""}${event.copy > 1 ? ` (copy ${event.copy})` : ""}`;
    case "push.stored":
      return `push stored (${event.why}${event.replaces === undefined ? "" : `; replaces ${event.replaces}`})`;
    case "push.dropped":
      return `push lost (${event.why})`;
    case "connection.opened":
      return `${serviceNames[event.service]} connection ${event.connection} opened`;
    case "connection.closed":
      return `${serviceNames[event.service]} connection ${event.connection} closed (${event.why})`;
    case "connection.failed":
      return `${serviceNames[event.service]} connection ${event.connection} failed (${event.why})`;
    case "connection.provider-token":
      return `new provider token ${event.fingerprint} on ${event.connection}`;
    case "connection.access-token":
      return `access token asked for on ${event.connection}: ${event.status}${event.error === undefined ? "" : ` ${event.error}`}`;
    default:
      return lifeLabel(event);
  }
}

function lifeLabel(event: TraceEvent): string {
  switch (event.kind) {
    case "step.played":
      return `step: ${event.action}`;
    case "step.unreached":
      return `never reached: ${event.action} (after ${event.anchor})`;
    case "target.started":
      return "target started";
    case "target.ready":
      return `target ready after ${Math.round(event.afterMs)} ms`;
    case "target.exited":
      return event.why !== undefined
        ? `target cut off: ${event.why}`
        : `target ended (${event.signal === null ? `code ${event.code ?? "unknown"}` : `signal ${event.signal}`})`;
    case "finding":
      return `${event.rule}: ${event.mismatch}`;
    case "harness.fault":
      return `harness fault: ${event.message}`;
    // Newer traces can hold a kind that this version does not know.
    default:
      return deviceLabel(event) ?? event.kind;
  }
}

/** A request by its method and URI, a response by its status; of which request only where it is no INVITE. */
function sipLabel(event: SipEvent): string {
  const message = sipOf(event);
  if (message.kind === "not-sip") return `no SIP message (${message.why})`;
  if (message.kind === "request") return `${message.method} ${shortUri(message.uri)}`;
  const method = methodOf(message);
  return `${message.status} ${message.reason}${method === undefined || method === "INVITE" ? "" : ` (${method})`}`;
}

/** Without its parameters, which the message itself shows. */
function shortUri(uri: string): string {
  const end = uri.search(/[;?]/u);
  const address = (end < 0 ? uri : uri.slice(0, end)).slice(0, 80);
  return address.length < uri.length ? `${address}…` : address;
}
