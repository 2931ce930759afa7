import { randomBytes } from "node:crypto";
import { bodyHeaders, callerLeg, type Leg, phoneLeg, requestIn } from "./b2bua-leg.ts";
import { type Branch, openCall } from "./call.ts";
import { T1_MS, T2_MS } from "./client-transaction.ts";
import { correlationHeader } from "./profile.ts";
import { type Behaviour, type PushServer, startPushServer, withForwardCounted } from "./push-server.ts";
import { pushedCallOf } from "./pushed-call.ts";
import type { Binding } from "./registrar.ts";
import type { RunningServer, ServerOptions } from "./server-options.ts";
import type { ServerTransaction } from "./server-transaction.ts";
import { addressOf, callIdOf, cseqOf, parseNameAddress, parseUri, randomTag, tagOf } from "./sip-fields.ts";
import { header, type SipRequest, type SipResponse, valueOf } from "./sip-message.ts";
import type { Cancel } from "./timers.ts";
import type { Flow } from "./transport.ts";

/** A bridged call: whatever comes on one leg goes out on the other. */
interface Bridge {
  /** The account and phone that answered: where to look when its connection is gone. */
  readonly aor: string;
  readonly device: string;
  readonly caller: Leg;
  readonly phone: Leg;
  over: boolean;
  /** Stops the repetition of our 2xx (RFC 3261 13.3.1.4), by the leg it goes to. */
  readonly stopRepeating: Map<Leg, Cancel>;
}

/** What we are towards one phone before it answers: its own Call-ID and tag, known before the push tells it of them. */
interface PhoneSide {
  readonly callId: string;
  readonly localTag: string;
  cseq: number;
}

/** How long a call that is over is still known, for what is on its way. */
const FAREWELL_MS = 5000;
const ACK_TIMEOUT_MS = 64 * T1_MS;
const ALLOW = header("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, MESSAGE");

/**
 * A back-to-back user agent with registrar and push: the caller's leg and each phone's have their own Call-ID, tags and CSeq.
 * It holds calls as the holding proxy does; statuses and bodies cross over as they are.
 */
export function startB2bua(options: ServerOptions): Promise<RunningServer> {
  return startPushServer(options, b2buaBehaviour);
}

function b2buaBehaviour(server: PushServer): Behaviour {
  const { layer, registrar, options } = server;
  const { fault } = options;
  const bridges = new Map<string, Bridge>();
  const keyOf = (leg: Leg): string => `${leg.callId}|${leg.localTag}`;
  const ignored = { onResponse: () => undefined, onFailed: () => undefined };

  const ownContact = (user: string, flow: Flow): string =>
    `<sip:${user}@${layer.sentBy}${flow.transport === "tcp" ? ";transport=tcp" : ""}>`;
  const nextCseq = (leg: Leg): number => {
    if (fault !== "b2bua-cseq-constant") leg.cseq += 1;
    return Math.max(leg.cseq, 1);
  };

  const onInvite = (transaction: ServerTransaction, request: SipRequest, aor: string): void => {
    const required = valueOf(request, "require");
    if (required !== undefined) return transaction.reply(420, { headers: [header("Unsupported", required)] });
    transaction.reply(100);
    const calleeContact = ownContact(parseUri(request.uri)?.user ?? "b2bua", transaction.flow);
    const pushed = pushedCallOf(request, "");
    const sides = new Map<string, PhoneSide>();
    const hintHeader = correlationHeader(options.profile);
    let bridge: Bridge | undefined;
    let release = (): void => undefined;

    const sideOf = (device: string): PhoneSide => {
      const known = sides.get(device) ?? {
        callId: `${randomBytes(12).toString("hex")}@${layer.transport.host}`,
        localTag: randomTag(),
        cseq: 0,
      };
      sides.set(device, known);
      return known;
    };
    const makeInvite = (binding: Binding, flow: Flow): SipRequest => {
      const side = sideOf(binding.device);
      side.cseq += 1;
      const from = addressOf(valueOf(request, "from") ?? "");
      const caller = parseUri(parseNameAddress(from)?.uri ?? "")?.user ?? "caller";
      return {
        kind: "request",
        method: "INVITE",
        uri: binding.uri,
        headers: [
          header("Max-Forwards", valueOf(withForwardCounted(request), "max-forwards") ?? "70"),
          header("From", `${from};tag=${side.localTag}`),
          header("To", valueOf(request, "to") ?? ""),
          header("Call-ID", side.callId),
          header("CSeq", `${side.cseq} INVITE`),
          header("Contact", ownContact(caller, flow)),
          ALLOW,
          ...(hintHeader === undefined ? [] : [header(hintHeader, pushed.hint)]),
          ...bodyHeaders(request),
        ],
        body: request.body,
      };
    };
    const answer = (response: SipResponse, branch: Branch): void => {
      const side = sideOf(branch.binding.device);
      if (
        bridge !== undefined &&
        bridge.phone.callId === side.callId &&
        bridge.phone.remote === valueOf(response, "to")
      ) {
        if (bridge.phone.acknowledgement !== undefined) layer.sendOnce(bridge.phone.acknowledgement, bridge.phone.flow);
        return;
      }
      const leg = phoneLeg(branch.request, response, side.localTag, branch.flow);
      if (bridge !== undefined || transaction.status >= 200) return refuseAnswer(leg);
      const ours = callerLeg(request, transaction.localTag, calleeContact, transaction.flow);
      bridge = openBridge({ aor, device: branch.binding.device, caller: ours, phone: leg });
      relay(response);
      repeatAnswer(bridge, bridge.caller, transaction, response, request);
    };
    const relay = (response: SipResponse): void =>
      transaction.respond(relayed(response, request, transaction, calleeContact));

    const call = openCall(registrar.bindingsOf(aor), {
      timers: layer.timers,
      fault,
      holdMs: options.holdMs,
      delivery: "hold",
      makeInvite,
      send: (invite, flow, handlers) => layer.request(invite, flow, handlers),
      push: ({ provider, device }, token, patience) =>
        server.push(aor, { provider, token }, { ...pushed, callId: sideOf(device).callId }, patience),
      relay: (response, branch) => {
        if (response.status >= 200) answer(response, branch);
        else relay(response);
      },
      finish: ({ status, response }) => {
        const declined = response !== undefined && fault === "b2bua-decline-becomes-480";
        transaction.reply(
          declined ? 480 : status,
          response === undefined || declined ? {} : { reason: response.reason },
        );
      },
      ended: () => release(),
    });
    release = server.keep(aor, pushed, call);
    server.onCancel(transaction, call.cancel);
  };

  /** A response of the other leg, made our own. */
  const relayed = (
    response: SipResponse,
    request: SipRequest,
    transaction: ServerTransaction,
    contact: string,
  ): SipResponse => ({
    kind: "response",
    status: response.status,
    reason: response.reason,
    headers: [
      ...request.headers.filter((field) => ["via", "record-route", "from", "call-id", "cseq"].includes(field.name)),
      header("To", taggedTo(request, transaction)),
      ...(request.method === "INVITE" || request.method === "UPDATE" ? [header("Contact", contact), ALLOW] : []),
      ...bodyHeaders(response),
    ],
    body: response.body,
  });

  const openBridge = (parts: Pick<Bridge, "aor" | "device" | "caller" | "phone">): Bridge => {
    const bridge: Bridge = { ...parts, over: false, stopRepeating: new Map() };
    bridges.set(keyOf(bridge.caller), bridge);
    bridges.set(keyOf(bridge.phone), bridge);
    return bridge;
  };
  const closeBridge = (bridge: Bridge): void => {
    bridge.over = true;
    for (const stop of bridge.stopRepeating.values()) stop();
    layer.timers.after(FAREWELL_MS, () => {
      bridges.delete(keyOf(bridge.caller));
      bridges.delete(keyOf(bridge.phone));
    });
  };

  const acknowledge = (leg: Leg, body?: SipRequest): void => {
    const ack = requestIn(leg, "ACK", leg.inviteCseq, body === undefined ? [] : bodyHeaders(body), body?.body);
    leg.acknowledgement = ack;
    layer.sendOnce(ack, leg.flow);
  };
  const hangUp = (leg: Leg, flow: Flow = leg.flow): void =>
    void layer.request(requestIn(leg, "BYE", nextCseq(leg)), flow, ignored);
  /** A phone answered when the call was no more to be had: RFC 3261 13.2.2.4 asks for ACK, and then BYE. */
  const refuseAnswer = (leg: Leg): void => {
    acknowledge(leg);
    hangUp(leg);
  };
  /** RFC 3261 13.3.1.4: a 2xx is repeated until its ACK comes; without one the call is over. */
  const repeatAnswer = (
    bridge: Bridge,
    leg: Leg,
    transaction: ServerTransaction,
    response: SipResponse,
    request: SipRequest,
  ): void => {
    const contact = leg.contact;
    let stop: Cancel = () => undefined;
    const repeat = (delayMs: number): void => {
      stop = layer.timers.after(delayMs, () => {
        transaction.respond(relayed(response, request, transaction, contact));
        repeat(Math.min(delayMs * 2, T2_MS));
      });
    };
    const giveUp = layer.timers.after(ACK_TIMEOUT_MS, () => {
      closeBridge(bridge);
      if (bridge.phone.acknowledgement === undefined) acknowledge(bridge.phone);
      hangUp(bridge.caller);
      hangUp(bridge.phone, flowOf(bridge, bridge.phone));
    });
    bridge.stopRepeating.set(leg, () => {
      stop();
      giveUp();
    });
    repeat(T1_MS);
  };
  const flowOf = (bridge: Bridge, leg: Leg): Flow => {
    if (leg === bridge.caller || leg.flow.open) return leg.flow;
    return registrar.bindingsOf(bridge.aor).find((binding) => binding.device === bridge.device)?.flow ?? leg.flow;
  };

  const onInDialog = (transaction: ServerTransaction, request: SipRequest): void => {
    const found = find(request);
    if (found === undefined) return transaction.reply(481);
    const { bridge, own, other } = found;
    const number = cseqOf(request)?.number ?? 0;
    // RFC 3261 12.2.2.
    if (number <= own.remoteCseq) return transaction.reply(500);
    own.remoteCseq = number;
    own.flow = transaction.flow;
    if (request.method === "BYE") {
      transaction.reply(200);
      if (bridge.over) return;
      // The phone's 2xx must have its ACK before a BYE follows (RFC 3261 15).
      if (other === bridge.phone && other.acknowledgement === undefined) acknowledge(other);
      closeBridge(bridge);
      hangUp(other, flowOf(bridge, other));
      return;
    }
    if (bridge.over) return transaction.reply(481);
    passOn(bridge, transaction, request, own, other);
  };

  /** Any other request goes over to the other leg, and its response back. */
  const passOn = (bridge: Bridge, transaction: ServerTransaction, request: SipRequest, own: Leg, other: Leg): void => {
    const invite = request.method === "INVITE";
    if (invite) transaction.reply(100);
    const number = nextCseq(other);
    if (invite) other.inviteCseq = number;
    const outgoing = requestIn(other, request.method, number, bodyHeaders(request), request.body);
    const client = layer.request(outgoing, flowOf(bridge, other), {
      onResponse: (response) => {
        if (response.status === 100) return;
        if (transaction.status >= 200) {
          if (invite && other.acknowledgement !== undefined) layer.sendOnce(other.acknowledgement, other.flow);
          return;
        }
        transaction.respond(relayed(response, request, transaction, own.contact));
        if (invite && response.status >= 200 && response.status < 300) {
          other.acknowledgement = undefined;
          repeatAnswer(bridge, own, transaction, response, request);
        }
      },
      onFailed: () => transaction.reply(408),
    });
    if (invite) server.onCancel(transaction, () => client.cancel());
  };

  const onAck = (request: SipRequest): void => {
    const found = find(request);
    if (found === undefined || found.bridge.over) return;
    const { bridge, own, other } = found;
    bridge.stopRepeating.get(own)?.();
    bridge.stopRepeating.delete(own);
    if (other.acknowledgement === undefined) acknowledge(other, request);
  };

  const find = (
    request: SipRequest,
  ): { readonly bridge: Bridge; readonly own: Leg; readonly other: Leg } | undefined => {
    const key = `${callIdOf(request)}|${tagOf(request, "to") ?? ""}`;
    const bridge = bridges.get(key);
    if (bridge === undefined) return undefined;
    const own = keyOf(bridge.caller) === key ? bridge.caller : bridge.phone;
    return { bridge, own, other: own === bridge.caller ? bridge.phone : bridge.caller };
  };

  return { onInvite, onInDialog, onAck };
}

function taggedTo(request: SipRequest, transaction: ServerTransaction): string {
  const to = valueOf(request, "to") ?? "";
  return tagOf(request, "to") === undefined ? `${to};tag=${transaction.localTag}` : to;
}
