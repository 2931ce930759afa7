import * as fc from "fast-check";
import { eventShapes, type FieldType } from "../event-shapes.ts";
import type { EventBody, EventKind, TraceEvent } from "../trace-event.ts";
import type { CaseEnd, Trace } from "../trace.ts";
import type { RunFacts } from "../run-facts.ts";

/** Facts of a run against a holding proxy: for tests that need some. */
export const someFacts: RunFacts = {
  role: "server",
  target: { name: "Example", version: "1.0" },
  profile: {
    id: "rfc8599",
    payload: { callId: "/callId" },
    correlation: { sip: "call-id" },
    registration: { contactParams: { "pn-prid": "<token>" } },
    cancelByPush: false,
    answerFulfil: "connected",
    tokenLifetime: "binding",
    limits: { apnsExpirationMaxS: 60, fcmTtlMaxS: 60 },
  },
  features: {
    platforms: ["ios"],
    transports: ["udp", "tcp"],
    kind: "proxy",
    wake: "always",
    delivery: "hold",
    progress: "end-to-end",
    fallback: "none",
    video: true,
    multipleDevices: true,
    concurrentCalls: true,
    digest: false,
    pushRetry: false,
  },
  deadlines: {
    appReactsMs: 5000,
    pushAfterInviteMs: 5000,
    inviteAfterRegisterMs: 2000,
    ringStopAfterHangupMs: 2000,
    finalResponseMs: 40_000,
    absenceMs: 1500,
    inviteWaitMs: { min: 13_000, max: 35_000 },
  },
  os: { ringS: 30 },
  clock: "live",
  epochMs: 1_700_000_000_000,
  apns: { topic: "com.example.app.voip", teamId: "TEAM", keyId: "KEY" },
  fcm: { projectId: "example-project", packageName: "com.example.app" },
  sip: { addresses: ["udp:127.0.0.1:5060"], domain: "example.test" },
};

const text = fc.string({ unit: "binary", maxLength: 20 });
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  text.map((value) => Uint8Array.from(Buffer.from(value, "utf8"))),
);
const transport = fc.constantFrom("udp", "tcp", "tls", "ws");
const service = fc.constantFrom("apns", "fcm");
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
/** JSON knows no minus zero. */
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

type Members = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** Members that are special or optional, by kind; undefined ones are left out. */
const special: Readonly<Partial<Record<EventKind, Members>>> = {
  sip: { transport, flow: text, bytes, fate: fc.constantFrom("delivered", "lost", "duplicate") },
  "flow.opened": { transport, flow: text, local: text, remote: text },
  "flow.silenced": { transport, flow: text },
  "flow.closed": { transport, flow: text, why: text },
  "flow.garbage": { transport, flow: text, bytes, why: text },
  "push.request": {
    service,
    push: text,
    connection: text,
    method: text,
    path: text,
    headers: fc.array(fc.tuple(text, text), { maxLength: 3 }),
    body: bytes,
    token: optional(text),
  },
  "push.response": {
    service,
    push: text,
    status: fc.nat(599),
    scripted: fc.boolean(),
    reason: optional(text),
    timestampMs: optional(fc.nat()),
    retryAfterS: optional(fc.nat()),
  },
  "push.reset": { service, push: text },
  "push.delivered": {
    push: text,
    token: text,
    copy: fc.integer({ min: 1, max: 2 }),
    payload: json,
    priority: optional(fc.constantFrom("high", "normal")),
  },
  "push.stored": { push: text, token: text, why: text, replaces: optional(text) },
  "push.dropped": { push: text, token: text, why: text },
  "connection.opened": {
    service,
    connection: text,
    remote: text,
    tlsVersion: text,
    alpn: text,
    clientCertificate: optional(fc.record({ subject: text, accepted: fc.boolean() })),
  },
  "connection.closed": { service, connection: text, why: text },
  "connection.failed": { service, connection: text, why: text },
  "connection.provider-token": { service, connection: text, fingerprint: text, issuedAtS: optional(fc.nat()) },
  "connection.access-token": {
    service: fc.constant("fcm"),
    connection: text,
    status: fc.nat(599),
    error: optional(text),
    fingerprint: optional(text),
  },
  "app.woken": { why: fc.constantFrom("push", "user", "network") },
  "token.issued": { token: text, previous: optional(text) },
  "ringing.shown": { why: fc.constantFrom("push", "invite") },
  "user.declined": { status: optional(fc.nat(699)) },
  "link.reply": { request: text, method: text, error: optional(fc.record({ code: fc.integer(), message: text })) },
  "step.unreached": { action: text, anchor: text },
  "target.started": { pid: optional(fc.nat()) },
  "target.ready": { afterMs: fc.nat() },
  "target.exited": { code: fc.option(fc.nat(255)), signal: fc.option(text) },
  finding: { rule: text, mismatch: text, expected: text, actual: text, about: fc.nat() },
};

const ofType: Readonly<Record<FieldType, fc.Arbitrary<unknown>>> = {
  string: text,
  number: fc.nat(),
  boolean: fc.boolean(),
  bytes,
  list: fc.array(text, { maxLength: 3 }),
  any: json,
};

function membersOf([kind, shape]: readonly [string, Readonly<Record<string, FieldType>>]): readonly [string, Members] {
  const ordinary = Object.fromEntries(Object.entries(shape).map(([name, type]) => [name, ofType[type]]));
  return [kind, special[kind as EventKind] ?? ordinary];
}

function defined(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

/** Any event body at all. */
export const eventBody: fc.Arbitrary<EventBody> = fc.oneof(
  ...Object.entries(eventShapes)
    .map(membersOf)
    .map(([kind, shape]) => fc.record(shape).map((body) => ({ kind, ...defined(body) }) as unknown as EventBody)),
);

const milliseconds = fc.integer({ min: 0, max: 100_000 }).map((tenths) => tenths / 10);
const lane = fc.constantFrom("caller", "target", "push-service", "os", "phone", "server", "user", "harness");

/** An event with everything but its place in a trace. */
export const unplacedEvent: fc.Arbitrary<Omit<TraceEvent, "seq">> = fc
  .tuple(
    fc.record({
      atMs: milliseconds,
      from: lane,
      to: lane,
      by: fc.constantFrom("target", "world"),
      lag: milliseconds,
      phone: optional(fc.constantFrom("phone:1", "phone:2")),
      call: optional(fc.constantFrom("call:1", "call:2")),
      step: optional(fc.nat(9)),
      retransmitOf: optional(fc.nat(99)),
      claimedBy: optional(fc.array(text, { maxLength: 2 })),
    }),
    eventBody,
  )
  .map(([{ lag, ...envelope }, body]) => {
    return { ...defined(envelope), lagMs: envelope.by === "target" ? lag : 0, ...body } as unknown as Omit<
      TraceEvent,
      "seq"
    >;
  });

const end: fc.Arbitrary<CaseEnd> = fc.oneof(
  fc.record({ kind: fc.constant("finished" as const), atMs: milliseconds, absenceFromMs: milliseconds }),
  fc.record({ kind: fc.constant("capped" as const), atMs: milliseconds, why: text }),
  fc.record({ kind: fc.constant("interrupted" as const), atMs: milliseconds }),
  fc.record({ kind: fc.constant("target-died" as const), atMs: milliseconds, how: text }),
  fc.record({ kind: fc.constant("harness-fault" as const), atMs: milliseconds, message: text }),
);

/** Any trace whose events are numbered as they should be. */
export const arbitraryTrace: fc.Arbitrary<Trace> = fc
  .record({
    scope: fc.constantFrom("case" as const, "run" as const),
    name: text,
    events: fc.array(unplacedEvent, { maxLength: 15 }),
    end,
  })
  .map(({ scope, name, events, end: how }) => ({
    schema: "ringtrue.trace/1",
    scope,
    ...(scope === "case" ? { case: name } : undefined),
    facts: someFacts,
    events: events.map((event, seq) => ({ ...event, seq }) as TraceEvent),
    end: how,
  }));
