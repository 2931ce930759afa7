import { HarnessFault } from "../../harness/errors.ts";
import { callId, toTag } from "../../harness/wire/headers.ts";
import type { SipRequest } from "../../harness/wire/sip-message.ts";
import { type InviteOrder, sendInvite, type SentCall } from "./invite-sender.ts";
import { type Registrar, registrar, type RegistrarOptions } from "./registrar.ts";
import type { IncomingRequest } from "./server-transaction.ts";
import { newTransactions, type SipHub, sipHub } from "./sip-hub.ts";
import type { SipSocket } from "./sip-socket.ts";

export type SipServerOptions = RegistrarOptions;

/**
 * The SIP side RingTrue shows to client targets: registrar, and sender of INVITEs to what is registered. It answers OPTIONS 200, SUBSCRIBE
 * 489, UPDATE by its dialog, MESSAGE, PUBLISH and the rest 405; an INVITE of a client's own 480.
 */
export interface SipServer {
  readonly registrar: Registrar;
  /** Serves a flow from now on: for `onFlow` of `listenSip`. */
  adopt(flow: SipSocket): void;
  /** A flow it serves, open or silent. */
  flow(name: string): SipSocket | undefined;
  /** Nothing will be sent over that flow any more, as it is closed. */
  forget(flow: string): void;
  /**
   * Sends an INVITE to a binding over the flow it came on; when that is gone, the call fails as `flow-closed`.
   *
   * @throws HarnessFault `no-flow` for a binding of another server, or of a flow that was forgotten.
   */
  invite(order: InviteOrder): SentCall;
  /** Frees every timer and transaction; the flows stay as they are. */
  dispose(): void;
}

type Sent = ReturnType<typeof sendInvite>;

const TAKES = ["REGISTER", "SUBSCRIBE", "UPDATE"];

export function sipServer(options: SipServerOptions): SipServer {
  const transactions = newTransactions();
  const hubs = new Map<string, SipHub>();
  const calls = new Map<string, Set<Sent>>();
  const registry = registrar(options);

  function callOf(request: SipRequest): Sent | undefined {
    return [...(calls.get(callId(request) ?? "") ?? [])].find(({ leg }) => leg.owns(request));
  }

  function receive(incoming: IncomingRequest, flow: SipSocket, hub: SipHub): void {
    const { request } = incoming;
    if (request.method === "REGISTER") registry.receive(incoming, flow);
    // RFC 6665 section 4.2.1.2: there is no event package here.
    else if (request.method === "SUBSCRIBE") incoming.respond({ status: 489 });
    else {
      const call = callOf(request);
      if (call === undefined) {
        incoming.respond({ status: toTag(request) === undefined ? 480 : 481 });
        return;
      }
      // A phone that came back over another flow is reached there.
      call.movedTo(hub);
      call.leg.request(incoming);
    }
  }

  return {
    registrar: registry,
    adopt(flow) {
      const hub: SipHub = sipHub(
        flow,
        {
          takes: TAKES,
          request: (incoming) => receive(incoming, flow, hub),
          cancel: () => {}, // what may be cancelled is answered at once
          ack: (ack) => callOf(ack)?.leg.ack(ack),
          closed() {
            for (const sent of [...calls.values()].flatMap((some) => [...some]))
              if (sent.hub() === hub) sent.leg.flowClosed();
          },
          onFault: options.onFault,
        },
        transactions,
      );
      hubs.set(flow.flow, hub);
    },
    flow(name) {
      const socket = hubs.get(name)?.socket;
      return socket?.state() === "closed" ? undefined : socket;
    },
    forget: (name) => void hubs.delete(name),
    invite(order) {
      const sent: Sent = sendInvite(order, {
        hubOf(flow) {
          const hub = hubs.get(flow);
          if (hub === undefined) throw new HarnessFault("no-flow", `there never was a SIP flow ${flow}`);
          return hub;
        },
        newestFlow: () =>
          registry
            .bindings(order.aor)
            .filter(({ flow, instance }) => instance === order.binding.instance && isOpen(flow))
            .at(-1)?.flow,
        ended() {
          const some = calls.get(order.callId);
          some?.delete(sent);
          if (some?.size === 0) calls.delete(order.callId);
        },
      });
      const some = calls.get(order.callId) ?? new Set();
      calls.set(order.callId, some.add(sent));
      return sent.call;
    },
    dispose() {
      for (const some of calls.values()) for (const { leg } of some) leg.dispose();
      calls.clear();
      for (const hub of hubs.values()) hub.dispose();
      hubs.clear();
    },
  };

  function isOpen(flow: string): boolean {
    return hubs.get(flow)?.socket.state() === "open";
  }
}
