import { messageOf } from "../../harness/errors.ts";
import { callId, cseq, from, headerValues, to, topVia, toTag } from "../../harness/wire/headers.ts";
import { readMessage } from "../../harness/wire/read-message.ts";
import { parseSipUri } from "../../harness/wire/sip-uri.ts";
import type { SipRequest, SipResponse } from "../../harness/wire/sip-message.ts";
import { type ClientTransaction, clientTransaction, type ClientUser, responseKey } from "./client-transaction.ts";
import { newBranch, newToken } from "./identifiers.ts";
import {
  ALLOW,
  ALLOW_UPDATE,
  type HeaderLine,
  type OutgoingRequest,
  requestText,
  type ResponseParts,
} from "./message-text.ts";
import {
  type IncomingRequest,
  mergeKey,
  type ServerTransaction,
  serverTransaction,
  serverTransactionKey,
} from "./server-transaction.ts";
import type { Address, SipSocket } from "./sip-socket.ts";
import { type TimerGroup, timerGroup } from "./timer-group.ts";
import { viaOf } from "./via-of.ts";

/** Who the hub passes on to what it does not settle itself. */
export interface HubUser {
  /** What `request` is given besides INVITE, BYE and OPTIONS. @default none */
  readonly takes?: readonly string[];
  /** A new INVITE, a BYE, INVITE or OPTIONS within a dialog, or what else the user takes. Neither ACK nor CANCEL. */
  readonly request: (incoming: IncomingRequest) => void;
  /** A CANCEL, already answered 200, for an INVITE that has no final response yet. */
  readonly cancel: (cancel: SipRequest, invite: IncomingRequest) => void;
  /** An ACK that belongs to a dialog. */
  readonly ack: (ack: SipRequest) => void;
  readonly closed: (why: string) => void;
  readonly onFault: (message: string) => void;
}

/** The transaction layer of one socket. */
export interface SipHub {
  readonly socket: SipSocket;
  readonly timers: TimerGroup;
  /** Sends a request in a client transaction of its own; a CANCEL is given the branch of its INVITE. */
  request(request: OutgoingRequest, user: ClientUser, branch?: string): ClientTransaction;
  /** Sends an ACK for a 2xx, which is no transaction; returns what writes the same bytes again. */
  acknowledge(ack: OutgoingRequest): () => void;
  /** Forgets everything and leaves the socket; transactions under way end as if the flow were closed. */
  dispose(): void;
}

/** Methods there are (RFC 3261, 3262, 3311, 3265, 3428, 3515, 2976, 3903): those we do not take get 405, all others 501. */
const KNOWN_METHODS = new Set("REGISTER PRACK UPDATE SUBSCRIBE NOTIFY MESSAGE REFER INFO PUBLISH".split(" "));
const TAKEN_METHODS = new Set("INVITE BYE OPTIONS".split(" "));

/** Transactions under way. Hubs that share them find a CANCEL, a response or a retransmission that takes another flow. */
export interface Transactions {
  readonly clients: Map<string, ClientTransaction>;
  readonly servers: Map<string, ServerTransaction>;
  readonly merges: Map<string, ServerTransaction>;
}

export function newTransactions(): Transactions {
  return { clients: new Map(), servers: new Map(), merges: new Map() };
}

/** Builds it on `socket` and becomes the socket's receiver. Whatever goes wrong inside is reported, never thrown. */
export function sipHub(socket: SipSocket, user: HubUser, transactions = newTransactions()): SipHub {
  const timers = timerGroup(user.onFault);
  const { clients, servers, merges } = transactions;
  const taken = new Set([...TAKEN_METHODS, ...(user.takes ?? [])]);
  const allow = user.takes?.includes("UPDATE") === true ? ALLOW_UPDATE : ALLOW;
  let over = false;

  function receive(bytes: Uint8Array, source: Address): void {
    const message = readMessage(bytes);
    if (message.kind === "response") receiveResponse(message);
    else if (message.kind === "request") receiveRequest(message, source);
  }

  function receiveResponse(response: SipResponse): void {
    const method = cseq(response)?.method;
    if (method === undefined || response.status < 100 || response.status > 699) return;
    clients.get(responseKey(response, method))?.receive(response);
  }

  function receiveRequest(request: SipRequest, source: Address): void {
    if (!isAnswerable(request)) return;
    const { method } = request;
    if (method === "ACK") {
      const server = servers.get(serverTransactionKey(request, "INVITE"));
      if (server === undefined || server.accepted()) user.ack(request);
      else server.receive(request);
      return;
    }
    const key = serverTransactionKey(request, method);
    const known = servers.get(key);
    if (known !== undefined) {
      known.receive(request);
      return;
    }
    const merge = mergeKey(request);
    // 8.2.2.2 speaks of requests under way: one that was rejected may come again on another branch.
    const sibling = merge === undefined ? undefined : merges.get(merge);
    const twin = sibling?.answered() === true && !sibling.accepted() ? undefined : sibling;
    // 9.2: a CANCEL names its INVITE by the branch, and both are answered with the same To tag.
    const invite = method === "CANCEL" ? servers.get(serverTransactionKey(request, "INVITE")) : undefined;
    const localTag = invite?.localTag ?? newToken();
    const server = serverTransaction({ socket, timers, request, source, localTag }, () => {
      servers.delete(key);
      if (merge !== undefined && merges.get(merge) === server) merges.delete(merge);
    });
    servers.set(key, server);
    if (method === "CANCEL") {
      server.respond({ status: invite === undefined ? 481 : 200 });
      if (invite !== undefined && !invite.answered()) user.cancel(request, invite);
      return;
    }
    if (merge !== undefined && twin === undefined) merges.set(merge, server);
    const refusal = refuse(request, taken, allow) ?? (twin === undefined ? undefined : { status: 482 });
    if (refusal !== undefined) server.respond(refusal);
    else if (method === "OPTIONS" && toTag(request) === undefined) server.respond({ status: 200, headers: [allow] });
    else user.request(server);
  }

  function guarded(what: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      user.onFault(`${what} on ${socket.flow}: ${messageOf(error)}`);
    }
  }

  function endClients(): void {
    for (const [key, client] of ours(clients)) {
      clients.delete(key);
      client.flowClosed();
    }
  }

  function endServers(): void {
    for (const [key, server] of ours(servers)) {
      servers.delete(key);
      server.dispose();
    }
    for (const [key] of ours(merges)) merges.delete(key);
  }

  function ours<T extends { readonly flow: string }>(table: ReadonlyMap<string, T>): [string, T][] {
    return [...table].filter(([, transaction]) => transaction.flow === socket.flow);
  }

  socket.receive({
    message: (bytes, source) => guarded("a message", () => receive(bytes, source)),
    closed(why) {
      timers.clear();
      endClients();
      endServers();
      guarded("the end of the flow", () => user.closed(why));
    },
  });

  return {
    socket,
    timers,
    request(request, clientUser, branch) {
      let key = "";
      const safeUser: ClientUser = {
        response: (response) => guarded("a response", () => clientUser.response(response)),
        timeout: () => guarded("a time-out", clientUser.timeout),
        closed: () => guarded("the end of the flow", clientUser.closed),
      };
      const client = clientTransaction(socket, timers, request, safeUser, {
        ...(branch === undefined ? {} : { branch }),
        onTerminated: () => clients.delete(key),
      });
      key = `${client.branch} ${request.method}`;
      clients.set(key, client);
      if (over || socket.state() === "closed")
        queueMicrotask(() => {
          clients.delete(key);
          client.flowClosed();
        });
      return client;
    },
    acknowledge(ack) {
      const bytes = Buffer.from(requestText(ack, viaOf(socket, newBranch())));
      const to = ack.nextHop === undefined ? {} : { to: ack.nextHop };
      socket.send(bytes, to);
      return () => socket.send(bytes, { ...to, retransmission: true });
    },
    dispose() {
      over = true;
      timers.clear();
      socket.receive(undefined);
      endClients();
      endServers();
    },
  };
}

/** A response copies these (RFC 3261 section 8.2.6.2): where one cannot be read, whatever we wrote would be malformed itself. */
function isAnswerable(request: SipRequest): boolean {
  const copied = [topVia(request), from(request), to(request), callId(request), cseq(request)];
  return copied.every((part) => part !== undefined);
}

/** What a request gets before anyone looks at what it wants (RFC 3261 section 8.2.1 to 8.2.2.3); `undefined`: it may pass. */
function refuse(
  request: SipRequest,
  taken: ReadonlySet<string>,
  allow: HeaderLine,
): Omit<ResponseParts, "toTag"> | undefined {
  if (cseq(request)?.method !== request.method) return { status: 400, reason: "CSeq method differs" };
  if (!taken.has(request.method)) {
    if (!KNOWN_METHODS.has(request.method)) return { status: 501, headers: [allow] };
    if (request.method === "PRACK" || (request.method === "UPDATE" && toTag(request) === undefined))
      return { status: 481 };
    return { status: 405, headers: [allow] };
  }
  if (request.method === "UPDATE" && toTag(request) === undefined) return { status: 481 };
  const scheme = parseSipUri(request.uri)?.scheme;
  if (scheme !== "sip") return scheme === undefined ? { status: 400, reason: "Unreadable URI" } : { status: 416 };
  if (request.method === "BYE" && toTag(request) === undefined) return { status: 481 };
  const required = headerValues(request, "require").filter((option) => option !== "");
  if (required.length > 0) return { status: 420, headers: [["Unsupported", required.join(", ")]] };
  return undefined;
}
