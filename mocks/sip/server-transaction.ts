import { callId, cseq, fromTag, header, topVia } from "../../harness/wire/headers.ts";
import type { SipRequest, Via } from "../../harness/wire/sip-message.ts";
import { BRANCH_COOKIE } from "./identifiers.ts";
import { type ResponseParts, responseText } from "./message-text.ts";
import {
  InviteServerTransaction,
  loggerFactory,
  NonInviteServerTransaction,
  toSipJsRequestMessage,
  TransactionState,
} from "./sip-js.ts";
import type { Address, SipSocket } from "./sip-socket.ts";
import { T2_MS, type TimerGroup } from "./timer-group.ts";

const TRYING_AFTER_MS = 200;

/** A request that came to us, and the way to answer it. */
export interface IncomingRequest {
  readonly request: SipRequest;
  /** Tag our responses put into To where the request had none. */
  readonly localTag: string;
  /** Answers it; false when a final response was given before. */
  respond(parts: Omit<ResponseParts, "toTag">): boolean;
  /** Writes our 2xx to an INVITE once more (RFC 3261 section 13.3.1.4). */
  repeatAnswer(): void;
}

export interface ServerTransaction extends IncomingRequest {
  readonly flow: string;
  /** The same request again, or the ACK for our rejection. */
  receive(request: SipRequest): void;
  /** A final response was given. */
  answered(): boolean;
  /** A 2xx was given: an ACK now belongs to the dialog. */
  accepted(): boolean;
  dispose(): void;
}

/** sip.js's state machine with what it lacks: the automatic 100, timer G, and the way back (RFC 3261 sections 17.2 and 18.2). */
export function serverTransaction(
  given: {
    readonly socket: SipSocket;
    readonly timers: TimerGroup;
    readonly request: SipRequest;
    readonly source: Address;
    readonly localTag: string;
  },
  onTerminated: () => void,
): ServerTransaction {
  const { socket, timers, request, source, localTag } = given;
  const via = topVia(request);
  const stamped = via === undefined ? "" : stampedVia(via, source);
  const to = socket.transport === "udp" && via !== undefined ? responseAddress(via, source) : source;
  const invite = request.method === "INVITE";
  let final = false;
  let lastText: string | undefined;
  let stopRepeating = (): void => {};

  const transport = {
    protocol: socket.transport.toUpperCase(),
    send(text: string): Promise<void> {
      socket.send(Buffer.from(text), { to, retransmission: text === lastText });
      lastText = text;
      return Promise.resolve();
    },
  };
  const user = {
    loggerFactory,
    onStateChange(state: TransactionState) {
      if (state === TransactionState.Confirmed || state === TransactionState.Terminated) stopRepeating();
      if (state === TransactionState.Terminated) onTerminated();
    },
  };
  const message = toSipJsRequestMessage(request);
  const inviteTransaction = invite ? new InviteServerTransaction(message, transport, user) : undefined;
  const transaction = inviteTransaction ?? new NonInviteServerTransaction(message, transport, user);

  function respond(parts: Omit<ResponseParts, "toTag">): boolean {
    if (final) return false;
    cancelTrying();
    final = parts.status >= 200;
    const tagged = parts.status === 100 ? parts : { ...parts, toTag: localTag };
    transaction.receiveResponse(parts.status, responseText(request, stamped, tagged));
    if (invite && parts.status >= 300 && socket.transport === "udp") {
      stopRepeating = timers.backingOff(T2_MS, () => {
        const wanted = transaction.state === TransactionState.Completed;
        if (wanted && lastText !== undefined) void transport.send(lastText);
        return wanted;
      });
    }
    return true;
  }
  // 17.2.1: the server transaction answers 100 itself unless its user has answered by then.
  const cancelTrying = invite
    ? timers.after(TRYING_AFTER_MS, () => {
        if (lastText === undefined) respond({ status: 100 });
      })
    : () => {};

  return {
    request,
    localTag,
    flow: socket.flow,
    answered() {
      return final;
    },
    accepted() {
      return transaction.state === TransactionState.Accepted;
    },
    respond,
    repeatAnswer: () => inviteTransaction?.retransmitAcceptedResponse(),
    receive(again) {
      transaction.receiveRequest(toSipJsRequestMessage(again));
    },
    dispose() {
      final = true;
      stopRepeating();
      cancelTrying();
      transaction.dispose();
    },
  };
}

/** RFC 3261 section 17.2.3; without the cookie the older rules: the whole top Via and what names the request. */
export function serverTransactionKey(request: SipRequest, method: string): string {
  const via = topVia(request);
  if (via?.branch?.startsWith(BRANCH_COOKIE) === true)
    return `${via.branch} ${via.host}:${via.port ?? ""} ${method}`.toLowerCase();
  const names = [via?.raw, callId(request), fromTag(request), cseq(request)?.number, request.uri];
  return `${names.join(" ")} ${method}`;
}

/** The top Via with where it really came from (RFC 3261 section 18.2.1, RFC 3581 section 4). */
function stampedVia(via: Via, source: Address): string {
  const asksPort = via.params.has("rport") && via.params.get("rport") === null;
  const known = via.host === source.host || via.host === `[${source.host}]`;
  let value = via.raw;
  if (asksPort) value = value.replace(/;\s*rport(?=\s*(?:;|$))/i, `;rport=${source.port}`);
  const receivedThere = /;\s*received\s*=/i.test(value);
  if ((asksPort || !known) && !receivedThere) value += `;received=${source.host}`;
  return value;
}

/** Where a response over UDP goes (RFC 3261 section 18.2.2, RFC 3581 section 4): the source; without rport the port of the Via. */
function responseAddress(via: Via, source: Address): Address {
  const port = via.params.has("rport") ? source.port : (via.port ?? 5060);
  return { host: source.host, port };
}

/** Requests that no branch tells apart are the same one on two ways (RFC 3261 section 8.2.2.2). */
export function mergeKey(request: SipRequest): string | undefined {
  const to = header(request, "to") ?? "";
  if (/;\s*tag\s*=/i.test(to)) return undefined;
  return `${callId(request) ?? ""} ${fromTag(request) ?? ""} ${header(request, "cseq") ?? ""}`;
}
