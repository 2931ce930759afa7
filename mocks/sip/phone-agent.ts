import { toTag } from "../../harness/wire/headers.ts";
import type { SipRequest } from "../../harness/wire/sip-message.ts";
import { parseSipUri } from "../../harness/wire/sip-uri.ts";
import type { Credentials } from "./credentials.ts";
import { newToken } from "./identifiers.ts";
import { type CallLeg, type IncomingCall, incomingCall } from "./incoming-call.ts";
import { registerClient } from "./register-client.ts";
import type { RegisterOutcome, Registration } from "./registration.ts";
import type { IncomingRequest } from "./server-transaction.ts";
import { type SipHub, sipHub } from "./sip-hub.ts";
import type { SipSocket } from "./sip-socket.ts";
import { contactUri } from "./via-of.ts";

export type { IncomingCall, IncomingCallEvent, IncomingCallState } from "./incoming-call.ts";

export interface PhoneOptions {
  /** Address of record: `sip:user@domain`. */
  readonly aor: string;
  /** Absent: a challenge is a final response. */
  readonly credentials?: Credentials;
  /** User part of the Contact; a request for another user gets 404. @default a random one */
  readonly contactUser?: string;
  /** A new INVITE. It is 100ed by itself when the script has not answered within 200 ms (RFC 3261 17.2.1). */
  readonly onInvite: (call: IncomingCall) => void;
  readonly onFault: (message: string) => void;
}

/** The SIP side of one phone over all its sockets: one Call-ID and one rising CSeq for all its REGISTERs (RFC 3261 10.2). */
export interface PhoneAgent {
  /** From now on this socket is the phone's. Calls and transactions of the socket before are forgotten; that socket itself stays as it is. */
  connect(socket: SipSocket): void;
  /** Contact URI of the present socket without pn-* parameters; `undefined` before the first. */
  contact(): string | undefined;
  register(registration: Registration): Promise<RegisterOutcome>;
  /** REGISTER with Expires 0. */
  unregister(registration?: Omit<Registration, "expiresS">): Promise<RegisterOutcome>;
  /** Frees every timer and transaction; the socket stays as it is. */
  dispose(): void;
}

/** Plays the SIP side of one phone; it has no socket until `connect`. */
export function phoneAgent(options: PhoneOptions): PhoneAgent {
  const contactUser = options.contactUser ?? newToken();
  const aorUser = parseSipUri(options.aor)?.user;
  const registrar = registerClient(options.aor, options.credentials);
  let connection: { readonly hub: SipHub; readonly contact: string; readonly calls: Set<CallLeg> } | undefined;

  function connect(socket: SipSocket): void {
    leave();
    const contact = contactUri(socket, contactUser);
    const calls = new Set<CallLeg>();
    const legOf = (request: SipRequest): CallLeg | undefined => [...calls].find((leg) => leg.owns(request));

    function receive(incoming: IncomingRequest): void {
      const { request } = incoming;
      if (toTag(request) !== undefined) {
        const leg = legOf(request);
        if (leg === undefined) incoming.respond({ status: 481 });
        else leg.request(incoming);
        return;
      }
      const user = parseSipUri(request.uri)?.user;
      if (user !== contactUser && user !== aorUser) {
        incoming.respond({ status: 404 });
        return;
      }
      const leg = incomingCall({ incoming, hub, contact, credentials: options.credentials });
      calls.add(leg);
      options.onInvite(leg.call);
    }

    const hub = sipHub(socket, {
      request: receive,
      cancel(request, invite) {
        for (const leg of calls) if (leg.incoming === invite) leg.cancelled(request);
      },
      ack: (request) => legOf(request)?.ack(request),
      closed() {
        for (const leg of calls) leg.flowClosed();
        calls.clear();
      },
      onFault: options.onFault,
    });
    connection = { hub, contact, calls };
  }

  function leave(): void {
    const left = connection;
    connection = undefined;
    if (left === undefined) return;
    left.hub.dispose();
    for (const leg of left.calls) leg.flowClosed();
    left.calls.clear();
  }

  async function register(registration: Registration): Promise<RegisterOutcome> {
    if (connection === undefined) return { kind: "flow-closed" };
    return registrar.register(connection.hub, connection.contact, registration);
  }

  return {
    connect,
    contact() {
      return connection?.contact;
    },
    register,
    unregister: (registration) => register({ ...registration, expiresS: 0 }),
    dispose() {
      for (const leg of connection?.calls ?? []) leg.call.listen(() => {});
      leave();
    },
  };
}
