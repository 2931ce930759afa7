import type { EventKind } from "./trace-event.ts";

export type FieldType = "string" | "number" | "boolean" | "bytes" | "list" | "any";

/** The members an event of each kind cannot do without, besides its envelope: what a stored line is checked against. */
export const eventShapes = {
  sip: { transport: "string", flow: "string", bytes: "bytes", fate: "string" },
  "flow.opened": { transport: "string", flow: "string", local: "string", remote: "string" },
  "flow.silenced": { transport: "string", flow: "string" },
  "flow.closed": { transport: "string", flow: "string", why: "string" },
  "flow.garbage": { transport: "string", flow: "string", bytes: "bytes", why: "string" },
  "push.request": {
    service: "string",
    push: "string",
    connection: "string",
    method: "string",
    path: "string",
    headers: "list",
    body: "bytes",
  },
  "push.response": { service: "string", push: "string", status: "number", scripted: "boolean" },
  "push.reset": { service: "string", push: "string" },
  "push.delivered": { push: "string", token: "string", copy: "number" },
  "push.stored": { push: "string", token: "string", why: "string" },
  "push.dropped": { push: "string", token: "string", why: "string" },
  "connection.opened": {
    service: "string",
    connection: "string",
    remote: "string",
    tlsVersion: "string",
    alpn: "string",
  },
  "connection.closed": { service: "string", connection: "string", why: "string" },
  "connection.failed": { service: "string", connection: "string", why: "string" },
  "connection.provider-token": { service: "string", connection: "string", fingerprint: "string" },
  "connection.access-token": { service: "string", connection: "string", status: "number" },
  "app.woken": { why: "string" },
  "app.suspended": {},
  "app.terminated": { why: "string" },
  "token.issued": { token: "string" },
  "ringing.shown": { why: "string" },
  "ringing.ended": { why: "string" },
  "user.answered": {},
  "user.declined": { status: "number" },
  "user.hung-up": {},
  "step.played": { action: "string" },
  "step.unreached": { action: "string", anchor: "string" },
  "target.started": {},
  "target.ready": { afterMs: "number" },
  "target.exited": { code: "any", signal: "any" },
  finding: { rule: "string", mismatch: "string", expected: "string", actual: "string", about: "number" },
  "harness.fault": { message: "string" },
} as const satisfies Readonly<Record<EventKind, Readonly<Record<string, FieldType>>>>;

/** The members that hold bytes, by kind: JSON has no bytes of its own. */
export function byteFieldsOf(kind: EventKind): readonly string[] {
  const shape: Readonly<Record<string, FieldType>> = eventShapes[kind];
  return Object.keys(shape).filter((field) => shape[field] === "bytes");
}
