import { toTag } from "../../harness/wire/headers.ts";
import type { Credentials } from "./credentials.ts";
import { newToken } from "./identifiers.ts";
import { ALLOW } from "./message-text.ts";
import { type CallEvent, type OutgoingCall, outgoingCall } from "./outgoing-call.ts";
import { registerClient } from "./register-client.ts";
import type { RegisterOutcome, Registration } from "./registration.ts";
import { type SipHub, sipHub } from "./sip-hub.ts";
import type { SipSocket } from "./sip-socket.ts";
import { contactUri } from "./via-of.ts";

export type { OutgoingCall } from "./outgoing-call.ts";
export type CallerEvent = CallEvent;

export interface CallerOptions {
  readonly socket: SipSocket;
  /** Address of record: `sip:user@domain`. */
  readonly uri: string;
  /** As people write it; quoted and escaped here. Empty for none. */
  readonly displayName: string;
  /** Absent: a challenge is a final response. */
  readonly credentials?: Credentials;
  readonly onEvent: (event: CallerEvent) => void;
  /** RingTrue's own SIP went wrong. */
  readonly onFault: (message: string) => void;
}

/** The user agent client of one call. No method throws for what the target does; out of turn they do nothing. */
export interface CallerAgent {
  invite(call: OutgoingCall): void;
  /** Hangs up before the answer: sent at once after a 1xx, else held until one comes (RFC 3261 9.1); a 2xx that comes first is acknowledged and hung up with BYE. */
  cancel(): void;
  /** Hangs up after the answer. */
  bye(): void;
  /** Hangs up as the state demands: `cancel` before a 2xx, `bye` after it. */
  hangUp(): void;
  /** Registers the caller's contact, for targets whose callers must. */
  register(registration: Registration): Promise<RegisterOutcome>;
  /** Frees every timer and transaction; the socket stays as it is. */
  dispose(): void;
}

/** Plays one call from the caller's side over `socket`, whose receiver it becomes. */
export function callerAgent(options: CallerOptions): CallerAgent {
  const { socket, credentials } = options;
  const contact = contactUri(socket, `caller-${newToken()}`);
  const registrar = registerClient(options.uri, credentials);
  let disposed = false;

  const hub: SipHub = sipHub(socket, {
    request(incoming) {
      const { request } = incoming;
      if (leg.owns(request)) leg.request(incoming);
      else incoming.respond({ status: toTag(request) === undefined ? 480 : 481 });
    },
    cancel: () => {}, // a re-INVITE is answered at once, so its CANCEL is always too late
    ack: (request) => leg.ack(request),
    closed: () => leg.flowClosed(),
    onFault: options.onFault,
  });
  const leg = outgoingCall({
    hub: () => hub,
    uri: options.uri,
    displayName: options.displayName,
    contact,
    allow: ALLOW,
    ...(credentials === undefined ? {} : { credentials }),
    onEvent: options.onEvent,
  });

  return {
    invite: leg.invite,
    cancel: () => leg.cancel(),
    bye: () => leg.bye(),
    hangUp: leg.hangUp,
    async register(registration) {
      return disposed ? { kind: "flow-closed" } : registrar.register(hub, contact, registration);
    },
    dispose() {
      disposed = true;
      leg.dispose();
      hub.dispose();
    },
  };
}
