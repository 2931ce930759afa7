import type { AndroidEvent } from "./android-event.ts";
import type { IosEvent } from "./ios-event.ts";
import type { LinkEvent } from "./link-event.ts";
import type { PushEvent } from "./push-event.ts";

/** One phone of a plan, counted from 1. */
export type PhoneRef = `phone:${number}`;
/** One call of a plan, counted from 1. */
export type CallRef = `call:${number}`;
/** Names one played case of a run, e.g. `caller-hangup-17`. */
export type CaseId = string;

/**
 * Who an event comes from or goes to; the columns of a ladder. `os` is the operating system of a phone. In the server role `phone`
 * is the SIP side of a phone and `caller` that of a caller; in the client role the app under test is `target`, and `server` is
 * RingTrue's registrar and sender of INVITEs.
 */
export type Lane = "caller" | "target" | "push-service" | "os" | "phone" | "server" | "user" | "harness";

export type Transport = "udp" | "tcp" | "tls" | "ws";
export type Platform = "ios" | "android";

/** What every event carries. Order is `seq`, never time alone. */
export interface Envelope {
  /** Position in its trace, from 0, without gaps. */
  readonly seq: number;
  /** Milliseconds on the run's monotonic clock when the bytes were seen (or, for our own doing, when it was done). */
  readonly atMs: number;
  /** The bytes arrived in `[atMs - lagMs, atMs]`: event-loop lag measured at that moment. 0 for our own doing. */
  readonly lagMs: number;
  readonly from: Lane;
  readonly to: Lane;
  /** Who caused it: the target, or RingTrue itself. Dropped, duplicated or retransmitted by us is never the target's fault. */
  readonly by: "target" | "world";
  readonly phone?: PhoneRef;
  readonly call?: CallRef;
  /** Index into `plan.steps` when a step of the plan did this. */
  readonly step?: number;
  /** `seq` of the event that caused this one through RingTrue (never guessed). */
  readonly cause?: number;
  /** `seq` of the first sending of the same bytes over the same flow. */
  readonly retransmitOf?: number;
  /** The cases that claim an event which belongs to two or more (crossed). */
  readonly claimedBy?: readonly CaseId[];
}

/** A SIP message on the wire, byte for byte. */
export interface SipEvent {
  readonly kind: "sip";
  readonly transport: Transport;
  /** The socket pair it went over: the UDP port of a phone or caller, or one connection. Unique within a run. */
  readonly flow: string;
  readonly bytes: Uint8Array;
  /**
   * What RingTrue did with it. `delivered` is the ordinary case. `lost`: the plan dropped it (a message of ours was never
   * written, one of the target's was seen and then ignored). `duplicate`: written a second time because the plan says so.
   */
  readonly fate: "delivered" | "lost" | "duplicate";
}

/** A socket of a phone or caller came up or went away. `silent`: still open, but nothing is read or answered any more. */
export type FlowEvent =
  | {
      readonly kind: "flow.opened";
      readonly transport: Transport;
      readonly flow: string;
      readonly local: string;
      readonly remote: string;
    }
  | { readonly kind: "flow.silenced"; readonly transport: Transport; readonly flow: string }
  | { readonly kind: "flow.closed"; readonly transport: Transport; readonly flow: string; readonly why: string }
  /** Bytes on a stream that no SIP message could be framed from. */
  | {
      readonly kind: "flow.garbage";
      readonly transport: Transport;
      readonly flow: string;
      readonly bytes: Uint8Array;
      readonly why: string;
    };

/** Connections to the simulated push service; they belong to the run's own trace. */
export type ConnectionEvent =
  | {
      readonly kind: "connection.opened";
      readonly service: "apns" | "fcm";
      readonly connection: string;
      readonly remote: string;
      readonly tlsVersion: string;
      readonly alpn: string;
      readonly clientCertificate?: { readonly subject: string; readonly accepted: boolean };
    }
  | {
      readonly kind: "connection.closed";
      readonly service: "apns" | "fcm";
      readonly connection: string;
      readonly why: string;
    }
  /** A TLS or HTTP/2 failure of the connection, in words. */
  | {
      readonly kind: "connection.failed";
      readonly service: "apns" | "fcm";
      readonly connection: string;
      readonly why: string;
    }
  /** A request carried a provider token this connection had not carried before. No secret: `fingerprint` is a short hash. */
  | {
      readonly kind: "connection.provider-token";
      readonly service: "apns" | "fcm";
      readonly connection: string;
      readonly fingerprint: string;
      readonly issuedAtS?: number;
    }
  /** The OAuth endpoint answered a request for an access token. `fingerprint` is a short hash of the token it gave. */
  | {
      readonly kind: "connection.access-token";
      readonly service: "fcm";
      readonly connection: string;
      readonly status: number;
      readonly error?: string;
      readonly fingerprint?: string;
    };

/** The operating system of a phone in the server role, as much of it as a server can notice. */
export type PhoneOsEvent =
  | { readonly kind: "app.woken"; readonly why: "push" | "user" | "network" }
  | { readonly kind: "app.suspended" }
  | { readonly kind: "app.terminated"; readonly why: string }
  /** The push service handed the app a (new) token; `previous` is the one it replaces. */
  | { readonly kind: "token.issued"; readonly token: string; readonly previous?: string }
  | { readonly kind: "ringing.shown"; readonly why: "push" | "invite" }
  | { readonly kind: "ringing.ended"; readonly why: string };

/** The operating system of a phone: in the client role everything a simulated iPhone or Android phone decides. */
export type OsEvent = PhoneOsEvent | IosEvent | AndroidEvent;

/** What the user does. In the client role only what the phone offered at that moment, and how it was done (`through`). */
export type UserEvent =
  | { readonly kind: "user.answered"; readonly through?: UserPath }
  /** `status`: what the phone answers, in the server role. */
  | { readonly kind: "user.declined"; readonly status?: number; readonly through?: UserPath }
  | { readonly kind: "user.hung-up"; readonly through?: UserPath }
  | { readonly kind: "user.held"; readonly onHold: boolean }
  /** The plan wanted it and the phone offered no such thing, so nothing happened. */
  | { readonly kind: "user.could-not"; readonly act: string };

export type UserPath = "call-screen" | "notification" | "telecom";

export type StepEvent =
  | { readonly kind: "step.played"; readonly action: string }
  /** The anchor of a step never came before the case ended. */
  | { readonly kind: "step.unreached"; readonly action: string; readonly anchor: string };

/** Life of the target; they belong to the run's own trace, and `target.exited` also to every case under way. */
export type TargetEvent =
  | { readonly kind: "target.started"; readonly pid?: number }
  | { readonly kind: "target.ready"; readonly afterMs: number }
  /** `why`: what was wrong with an adapter that was cut off, as one sentence about it. */
  | {
      readonly kind: "target.exited";
      readonly code: number | null;
      readonly signal: string | null;
      readonly why?: string;
    };

/** Something one message or connection did wrong, noted on the spot by a rule table. */
export interface FindingEvent {
  readonly kind: "finding";
  /** The id of the rule, which is also the id of the requirement that reports it where there is one. */
  readonly rule: string;
  /** Kebab-case name of what exactly is wrong; becomes the mismatch. */
  readonly mismatch: string;
  readonly expected: string;
  readonly actual: string;
  /** `seq` of the event it is about. */
  readonly about: number;
}

/** RingTrue broke one of its own rules; the case counts as a harness fault. */
export interface HarnessFaultEvent {
  readonly kind: "harness.fault";
  readonly message: string;
}

export type EventBody =
  | SipEvent
  | FlowEvent
  | PushEvent
  | ConnectionEvent
  | OsEvent
  | LinkEvent
  | UserEvent
  | StepEvent
  | TargetEvent
  | FindingEvent
  | HarnessFaultEvent;

export type EventKind = EventBody["kind"];
export type TraceEvent = Envelope & EventBody;
export type EventOf<K extends EventKind> = Envelope & Extract<EventBody, { readonly kind: K }>;
