import {
  type ClientEnvironment,
  type ClientHandlers,
  type ClientTransaction,
  startClientTransaction,
  viaOf,
} from "./client-transaction.ts";
import type { Fault } from "./faults.ts";
import { type ServerEnvironment, type ServerTransaction, startServerTransaction } from "./server-transaction.ts";
import { callIdOf, cseqOf, parseVia, randomBranch, tagOf, textOf } from "./sip-fields.ts";
import {
  header,
  responseTo,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  valueOf,
  valuesOf,
  withFirst,
} from "./sip-message.ts";
import { parseMessage, serialise } from "./sip-text.ts";
import type { Timers } from "./timers.ts";
import type { Flow } from "./transport.ts";

/** What the transactions hand up: the requests that are not retransmissions, and ACK for 2xx. */
export interface RequestHandlers {
  readonly onRequest: (transaction: ServerTransaction) => void;
  /** An ACK that belongs to no transaction of ours: for a 2xx. */
  readonly onAck: (request: SipRequest, flow: Flow) => void;
  /** The CANCEL for an INVITE that has no final response yet; it was answered already. */
  readonly onCancel: (invite: ServerTransaction, cancel: SipRequest) => void;
}

/** The transactions of one user agent or server, over any number of flows. */
export interface Transactions {
  request(request: SipRequest, flow: Flow, handlers: ClientHandlers): ClientTransaction;
  /** Sends without following it: ACK for 2xx. */
  sendOnce(request: SipRequest, flow: Flow): void;
  /** One message came. */
  receive(bytes: Buffer, flow: Flow): void;
  /** A flow is gone. */
  closed(flow: Flow): void;
}

export interface TransactionOptions {
  readonly timers: Timers;
  readonly fault: Fault;
  /** `host:port` of our Via on a flow. */
  readonly sentBy: (flow: Flow) => string;
  /** Where a response goes. */
  readonly responseFlow: (transaction: ServerTransaction) => Flow;
  readonly handlers: RequestHandlers;
}

const REQUIRED = ["via", "from", "to", "call-id", "cseq"] as const;

/** Client and server transactions (RFC 3261 17) and what connects them: CANCEL, ACK, keys, malformed requests. */
export function transactions({ timers, fault, sentBy, responseFlow, handlers }: TransactionOptions): Transactions {
  const servers = new Map<string, ServerTransaction>();
  const clients = new Map<string, ClientTransaction>();
  const clientsOf = new Map<Flow, Set<string>>();
  const dialogBranches = new Map<string, string>();

  const write = (message: SipMessage, flow: Flow): void => {
    const bytes = serialise(message);
    flow.send(fault === "content-length-missing" ? withoutEmptyLength(bytes) : bytes);
  };
  const branchFor = (request: SipRequest): string => {
    if (fault === "branch-without-cookie" && request.method === "INVITE") return `plain-${randomBranch().slice(7)}`;
    if (fault === "branch-reused" && request.method !== "CANCEL") {
      const known = dialogBranches.get(callIdOf(request)) ?? randomBranch();
      dialogBranches.set(callIdOf(request), known);
      return known;
    }
    return randomBranch();
  };
  const clientEnvironment = (flow: Flow): ClientEnvironment => ({
    timers,
    sentBy: sentBy(flow),
    send: write,
    request: (request, flow, clientHandlers, branch) => void start(request, flow, clientHandlers, branch),
    onDone: (transaction) => {
      const key = clientKey(transaction.request);
      if (clients.get(key) !== transaction) return;
      clients.delete(key);
      const keys = clientsOf.get(transaction.flow);
      keys?.delete(key);
      if (keys?.size === 0) clientsOf.delete(transaction.flow);
    },
    branch: branchFor,
    acknowledgesRejections: fault !== "no-ack-for-rejection",
    cancelsOnOwnBranch: fault === "cancel-with-new-branch",
  });
  const start = (
    request: SipRequest,
    flow: Flow,
    clientHandlers: ClientHandlers,
    branch?: string,
  ): ClientTransaction => {
    const transaction = startClientTransaction(clientEnvironment(flow), request, flow, clientHandlers, branch);
    const key = clientKey(transaction.request);
    clients.set(key, transaction);
    const keys = clientsOf.get(flow) ?? new Set();
    keys.add(key);
    clientsOf.set(flow, keys);
    return transaction;
  };

  const serverEnvironment: ServerEnvironment = {
    timers,
    send: (response, transaction) => write(response, responseFlow(transaction)),
    onDone: (transaction) => {
      const key = serverKey(transaction.request, transaction.request.method);
      if (servers.get(key) === transaction) servers.delete(key);
    },
    finish: (response) => {
      if (fault === "final-without-to-tag" && response.status >= 200) return withoutToTag(response);
      if (fault === "response-via-dropped-param" && response.status === 100) return withBogusVia(response);
      if (fault === "response-cseq-changed" && response.status === 100) return withChangedCseq(response);
      return response;
    },
  };

  const receive = (raw: SipMessage, flow: Flow): void => {
    if (raw.kind === "response") {
      clients.get(clientKey(raw))?.receive(raw);
      return;
    }
    if (parseVia(valueOf(raw, "via") ?? "") === undefined) return;
    const request = withReceived(raw, flow);
    if (REQUIRED.some((name) => valueOf(request, name) === undefined) || cseqOf(request)?.method !== request.method) {
      if (request.method !== "ACK") write(responseTo(request, 400, { toTag: "bad" }), flow);
      return;
    }
    receiveRequest(request, flow);
  };

  const receiveRequest = (request: SipRequest, flow: Flow): void => {
    if (request.method === "ACK") {
      const invite = servers.get(serverKey(request, "INVITE"));
      if (invite !== undefined && invite.status >= 300) invite.acknowledged();
      else handlers.onAck(request, flow);
      return;
    }
    const key = serverKey(request, request.method);
    const known = servers.get(key);
    if (known !== undefined) {
      if (fault === "retransmission-starts-new-call" && request.method === "INVITE") {
        handlers.onRequest(startServerTransaction(serverEnvironment, request, flow));
      } else known.retransmitted();
      return;
    }
    const transaction = startServerTransaction(serverEnvironment, request, flow);
    servers.set(key, transaction);
    if (request.method !== "CANCEL") {
      handlers.onRequest(transaction);
      return;
    }
    const invite = servers.get(serverKey(request, "INVITE"));
    if (invite === undefined) transaction.reply(481);
    else {
      if (fault !== "cancel-unanswered") {
        // RFC 3261 9.2: the tag of what answers the INVITE itself.
        transaction.reply(200, { toTag: invite.localTag });
      }
      if (invite.status < 200) handlers.onCancel(invite, request);
    }
  };

  return {
    request: start,
    sendOnce: (request, flow) => write(withFirst(request, viaOf(flow, sentBy(flow), branchFor(request))), flow),
    receive: (bytes, flow) => {
      const message = parseMessage(bytes);
      if (message !== undefined) receive(message, flow);
    },
    closed: (flow) => {
      for (const key of clientsOf.get(flow) ?? []) clients.get(key)?.flowClosed();
      clientsOf.delete(flow);
    },
  };
}

function clientKey(message: SipMessage): string {
  const branch = textOf(parseVia(valueOf(message, "via") ?? "")?.params.get("branch")) ?? "";
  return `${branch}|${cseqOf(message)?.method ?? ""}`;
}

/** RFC 3261 17.2.3. `method`: INVITE to find what an ACK or CANCEL is about. */
function serverKey(request: SipRequest, method: string): string {
  const top = valueOf(request, "via") ?? "";
  const via = parseVia(top);
  const branch = textOf(via?.params.get("branch"));
  if (via !== undefined && branch?.startsWith("z9hG4bK") === true)
    return `${branch}|${via.host}:${via.port ?? ""}|${method}`;
  return [request.uri, tagOf(request, "from"), callIdOf(request), cseqOf(request)?.number, top, method].join("|");
}

/** RFC 3261 18.2.1 and RFC 3581 4: notes in the top Via where the request came from. */
function withReceived(request: SipRequest, flow: Flow): SipRequest {
  const top = valueOf(request, "via") ?? "";
  const via = parseVia(top);
  if (via === undefined) return request;
  const wantsPort = via.params.get("rport") === true;
  let value = wantsPort ? top.replace(/;\s*rport(?=\s*(;|$))/i, `;rport=${flow.port}`) : top;
  if (wantsPort || via.host !== flow.host) value += `;received=${flow.host}`;
  if (value === top) return request;
  const at = request.headers.findIndex((field) => field.name === "via");
  return {
    ...request,
    headers: request.headers.with(at, { name: "via", spelled: request.headers[at]?.spelled ?? "Via", value }),
  };
}

function withoutEmptyLength(bytes: Buffer): Buffer {
  const line = "Content-Length: 0\r\n";
  const at = bytes.lastIndexOf(line);
  return at < 0 ? bytes : Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + line.length)]);
}

function withoutToTag(response: SipResponse): SipResponse {
  const headers = response.headers.map((field) =>
    field.name === "to" ? { ...field, value: field.value.replace(/;\s*tag=[^;]*/i, "") } : field,
  );
  return { ...response, headers };
}

function withBogusVia(response: SipResponse): SipResponse {
  const vias = valuesOf(response, "via").length;
  return {
    ...response,
    headers: response.headers.toSpliced(vias, 0, header("Via", `SIP/2.0/UDP 192.0.2.1;branch=${randomBranch()}`)),
  };
}

function withChangedCseq(response: SipResponse): SipResponse {
  const headers = response.headers.map((field) =>
    field.name === "cseq"
      ? { ...field, value: field.value.replace(/^\d+/, (number) => String(Number(number) + 1)) }
      : field,
  );
  return { ...response, headers };
}
