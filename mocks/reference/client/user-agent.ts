import type { ClientHandlers } from "../client-transaction.ts";
import type { ServerTransaction } from "../server-transaction.ts";
import { callIdOf, tagOf } from "../sip-fields.ts";
import { type Header, header, type SipRequest, valueOf, valuesOf } from "../sip-message.ts";
import { transactions, type Transactions } from "../transactions.ts";
import type { Flow } from "../transport.ts";
import type { ClientFault } from "./faults.ts";
import { ALLOW, type CallParts, type IncomingCall, incomingCall, inviteKey } from "./incoming-call.ts";
import type { ProcessGate } from "./process-gate.ts";
import type { FlowHandlers, Registrar, SipFlow } from "./sip-flow.ts";
import { mended, spoiled, transactionFault } from "./wire-faults.ts";

export interface UserAgentOptions {
  readonly registrar: Registrar;
  readonly openFlow: (registrar: Registrar, handlers: FlowHandlers) => SipFlow;
  readonly gate: ProcessGate;
  readonly fault: ClientFault;
  /** User part of our Contact. */
  readonly user: string;
  /** What the leaking fault adds to our Contact URI, and to our messages. */
  readonly leak: () => { readonly params: string; readonly headers: readonly Header[] };
  readonly onFlowOpen: () => void;
  /** The flow is gone by itself; it is opened again. */
  readonly onFlowLost: () => void;
  readonly onInvite: (call: IncomingCall) => void;
}

/** The SIP side of one account on one phone: its flow to the registrar and the calls that come over it. */
export interface UserAgent {
  /** Undefined while there is none that is open. */
  readonly flow: SipFlow | undefined;
  request(request: SipRequest, handlers: ClientHandlers): void;
  /** Leaves the flow behind, and opens another. */
  reopen(): void;
  /** Opens the flow where there is none. */
  open(): void;
  /** No flow any more, and none will be. */
  close(): void;
}

const RETRY_MS = 200;
const RETRY_MAX_MS = 10_000;
/** How long a request waits for a flow. */
const FLOW_WAIT_MS = 5000;
/** How long a call that is over is remembered: its transactions end before. */
const FORGET_MS = 33_000;
const UNKNOWN: readonly Header[] = [header("Accept", "application/sdp")];

export function userAgent(options: UserAgentOptions): UserAgent {
  const { registrar, gate, fault, user, leak } = options;
  const { timers } = gate;
  const calls = new Map<string, Set<IncomingCall>>();
  let current: SipFlow | undefined;
  /** What the transactions see of a flow: faults spoil what leaves. */
  const seen = new Map<SipFlow, Flow>();
  /** Requests for the flow that is being opened. */
  const waiting = new Set<() => void>();
  let failures = 0;
  let isClosed = false;

  const own: Transactions = transactions({
    timers,
    fault: transactionFault(fault),
    sentBy: () => current?.sentBy ?? "",
    responseFlow: ({ flow }) => (flow.open || current?.open !== true ? flow : seenAs(current)),
    handlers: { onRequest: requested, onAck: acknowledged, onCancel: cancelled },
  });

  function seenAs(flow: SipFlow): Flow {
    const known = seen.get(flow);
    if (known !== undefined) return known;
    const { id, transport, host, port } = flow;
    const shown: Flow = {
      id,
      transport,
      host,
      port,
      get open() {
        return flow.open;
      },
      send: (bytes) => flow.send(spoiled(fault, bytes)),
    };
    seen.set(flow, shown);
    return shown;
  }

  function open(): void {
    if (isClosed || current !== undefined) return;
    current = options.openFlow(registrar, {
      onOpen: (flow) =>
        gate.enter(() => {
          if (flow !== current) return;
          failures = 0;
          options.onFlowOpen();
          sendWaiting();
        }),
      onBytes: (bytes, flow) =>
        gate.enter(() => {
          if (!isClosed) own.receive(mended(fault, bytes), seenAs(flow));
        }),
      onClosed: (flow) =>
        gate.enter(() => {
          forget(flow);
          if (flow !== current) return;
          current = undefined;
          options.onFlowLost();
          failures += 1;
          timers.after(Math.min(RETRY_MS * 2 ** (failures - 1), RETRY_MAX_MS), open);
        }),
    });
  }
  function forget(flow: SipFlow): void {
    const shown = seen.get(flow);
    seen.delete(flow);
    if (shown !== undefined) own.closed(shown);
  }
  function leave(): void {
    const left = current;
    current = undefined;
    if (left === undefined) return;
    left.destroy();
    forget(left);
  }

  const parts: CallParts = {
    timers,
    fault,
    get mediaHost() {
      const host = /^(.*):\d+$/.exec(current?.sentBy ?? "")?.[1];
      return host === undefined ? "127.0.0.1" : host.replace(/^\[|\]$/g, "");
    },
    contact: () => `<sip:${user}@${current?.sentBy ?? "0.0.0.0"}${transportParam(registrar)}${leak().params}>`,
    extra: () => leak().headers,
    request: send,
    sendOnce: (request) => {
      if (current?.open === true) own.sendOnce(request, seenAs(current));
    },
  };

  function send(request: SipRequest, handlers: ClientHandlers): void {
    if (current?.open === true) {
      own.request(request, seenAs(current), handlers);
      return;
    }
    // The next flow may be open in a moment: what a user did meanwhile is not to get lost.
    const stopWaiting = timers.after(isClosed ? 0 : FLOW_WAIT_MS, () => {
      waiting.delete(go);
      handlers.onFailed("transport");
    });
    const go = (): void => {
      stopWaiting();
      send(request, handlers);
    };
    if (!isClosed) waiting.add(go);
  }
  function sendWaiting(): void {
    const due = [...waiting];
    waiting.clear();
    for (const go of due) go();
  }

  function callOf(request: SipRequest): IncomingCall | undefined {
    const tag = tagOf(request, "to");
    return [...(calls.get(callIdOf(request)) ?? [])].find(({ localTag }) => localTag === tag);
  }

  function requested(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (tagOf(request, "to") !== undefined) {
      const call = callOf(request);
      if (call === undefined) transaction.reply(481);
      else call.receive(transaction);
    } else if (request.method === "INVITE") invited(transaction);
    else if (request.method === "OPTIONS") {
      if (fault !== "ignores-options") transaction.reply(200, { headers: [ALLOW, ...UNKNOWN] });
    } else if (request.method === "BYE" || request.method === "UPDATE" || request.method === "PRACK")
      transaction.reply(481);
    else transaction.reply(405, { headers: [ALLOW] });
  }

  function invited(transaction: ServerTransaction): void {
    const { request } = transaction;
    const key = inviteKey(request);
    const known = [...(calls.get(callIdOf(request)) ?? [])].find((call) => inviteKey(call.invite) === key);
    const isSameBranch = known !== undefined && valueOf(known.invite, "via") === valueOf(request, "via");
    const isWelcome = isSameBranch ? fault === "app-retransmission-starts-new-call" : fault === "rings-for-merged";
    if (known !== undefined && !isWelcome) {
      transaction.reply(482, { reason: "Loop Detected" });
      return;
    }
    const required = valuesOf(request, "require").join(",").trim();
    if (required !== "") {
      transaction.reply(420, { headers: [header("Unsupported", required)] });
      return;
    }
    const type = valueOf(request, "content-type");
    if (request.body.length > 0 && type !== undefined && !/^application\/sdp\b/i.test(type)) {
      transaction.reply(415, { headers: UNKNOWN });
      return;
    }
    transaction.reply(100);
    const call = incomingCall(transaction, parts);
    const some = calls.get(call.callId) ?? new Set();
    calls.set(call.callId, some.add(call));
    forgetOnceOver(call);
    options.onInvite(call);
  }

  function forgetOnceOver(call: IncomingCall): void {
    timers.after(FORGET_MS, () => {
      if (call.state !== "over") {
        forgetOnceOver(call);
        return;
      }
      const some = calls.get(call.callId);
      some?.delete(call);
      if (some?.size === 0) calls.delete(call.callId);
    });
  }

  function cancelled(invite: ServerTransaction, cancel: SipRequest): void {
    for (const call of calls.get(callIdOf(cancel)) ?? []) if (call.transaction === invite) call.cancelled(cancel);
  }
  function acknowledged(ack: SipRequest): void {
    callOf(ack)?.acknowledged(ack);
  }

  return {
    get flow() {
      return current?.open === true ? current : undefined;
    },
    request: send,
    open,
    reopen() {
      leave();
      open();
    },
    close() {
      isClosed = true;
      leave();
    },
  };
}

function transportParam({ transport }: Registrar): string {
  return transport === "udp" ? "" : `;transport=${transport}`;
}
