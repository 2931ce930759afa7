import { callIdOf, cseqOf, randomBranch } from "./sip-fields.ts";
import {
  type Header,
  header,
  type SipRequest,
  type SipResponse,
  NO_BODY,
  valueOf,
  valuesOf,
  withFirst,
} from "./sip-message.ts";
import type { Cancel, Timers } from "./timers.ts";
import type { Flow } from "./transport.ts";

/** RFC 3261 17.1.1.1: an estimate of the round trip. */
export const T1_MS = 500;
/** RFC 3261 17.1.2.2: the longest pause between retransmissions. */
export const T2_MS = 4000;
/** How long a dead transaction still absorbs retransmissions on a stream, where RFC 3261 asks for no time at all. */
export const STREAM_LINGER_MS = 5000;
const TRANSACTION_MS = 64 * T1_MS;

export interface ClientHandlers {
  /** Every 1xx; the final response once; every 2xx of an INVITE, retransmissions too (RFC 6026 7.2). */
  readonly onResponse: (response: SipResponse) => void;
  /** No final response in time, or the flow is gone. */
  readonly onFailed: (why: "timeout" | "transport") => void;
}

export interface ClientTransaction {
  /** As sent: with our Via on top. */
  readonly request: SipRequest;
  readonly flow: Flow;
  receive(response: SipResponse): void;
  flowClosed(): void;
  /** Sends CANCEL for this INVITE; legal only after a 1xx (RFC 3261 9.1). */
  cancel(headers?: readonly Header[]): void;
}

export interface ClientEnvironment {
  readonly timers: Timers;
  /** `host:port` of our Via. */
  readonly sentBy: string;
  send(message: SipRequest, flow: Flow): void;
  /** Sends a request in a transaction of its own. */
  request(request: SipRequest, flow: Flow, handlers: ClientHandlers, branch: string): void;
  /** The transaction will take no more messages. */
  onDone(transaction: ClientTransaction): void;
  /** Branch for a request (a fault may make it wrong). */
  branch(request: SipRequest): string;
  readonly acknowledgesRejections: boolean;
  readonly cancelsOnOwnBranch: boolean;
}

export function viaOf(flow: Flow, sentBy: string, branch: string): Header {
  return header("Via", `SIP/2.0/${flow.transport.toUpperCase()} ${sentBy};branch=${branch};rport`);
}

/** Sends a request and follows it (RFC 3261 17.1, RFC 6026). `branch`: of the INVITE, for its CANCEL; else a new one. */
export function startClientTransaction(
  environment: ClientEnvironment,
  bare: SipRequest,
  flow: Flow,
  handlers: ClientHandlers,
  branch?: string,
): ClientTransaction {
  const { timers } = environment;
  const invite = bare.method === "INVITE";
  const ownBranch = branch ?? environment.branch(bare);
  const request = withFirst(bare, viaOf(flow, environment.sentBy, ownBranch));
  const unreliable = flow.transport === "udp";
  let state: "calling" | "proceeding" | "accepted" | "completed" | "done" = "calling";
  let cancelRetransmission: Cancel = () => undefined;
  let cancelTimeout: Cancel = () => undefined;
  let acknowledged: SipRequest | undefined;
  let cancelled = false;

  const retransmit = (delayMs: number): void => {
    cancelRetransmission = timers.after(delayMs, () => {
      if (state !== "calling" && (invite || state !== "proceeding")) return;
      environment.send(request, flow);
      retransmit(invite ? delayMs * 2 : Math.min(delayMs * 2, T2_MS));
    });
  };
  const done = (): void => {
    if (state === "done") return;
    state = "done";
    cancelRetransmission();
    cancelTimeout();
    environment.onDone(transaction);
  };
  const fail = (why: "timeout" | "transport"): void => {
    done();
    handlers.onFailed(why);
  };
  const linger = (delayMs: number): void => {
    cancelRetransmission();
    cancelTimeout();
    cancelTimeout = timers.after(delayMs, done);
  };

  const transaction: ClientTransaction = {
    request,
    flow,
    receive: (response) => {
      if (state === "done") return;
      const { status } = response;
      if (state === "completed") {
        if (invite && status >= 300 && acknowledged !== undefined) environment.send(acknowledged, flow);
        return;
      }
      if (state === "accepted") {
        if (status >= 200 && status < 300) handlers.onResponse(response);
        return;
      }
      if (status < 200) {
        if (invite) {
          cancelRetransmission();
          // How long a phone may ring is the business of whoever sent the request (timer C, RFC 3261 16.6).
          if (!cancelled) cancelTimeout();
        }
        state = "proceeding";
        handlers.onResponse(response);
        return;
      }
      if (invite && status < 300) {
        state = "accepted";
        linger(TRANSACTION_MS);
      } else {
        state = "completed";
        if (invite && environment.acknowledgesRejections) {
          acknowledged = acknowledgement(request, response);
          environment.send(acknowledged, flow);
        }
        linger(unreliable ? TRANSACTION_MS : STREAM_LINGER_MS);
      }
      handlers.onResponse(response);
    },
    flowClosed: () => {
      if (state === "calling" || state === "proceeding") fail("transport");
      else done();
    },
    cancel: (headers = []) => {
      if (state !== "proceeding" || cancelled) return;
      cancelled = true;
      // RFC 3261 9.1: without a final response the transaction counts as cancelled after 64*T1.
      cancelTimeout();
      cancelTimeout = timers.after(TRANSACTION_MS, () => fail("timeout"));
      const onOther = environment.cancelsOnOwnBranch ? randomBranch() : ownBranch;
      const ignore: ClientHandlers = { onResponse: () => undefined, onFailed: () => undefined };
      environment.request(cancelOf(bare, headers), flow, ignore, onOther);
    },
  };
  if (!flow.open) {
    timers.after(0, () => fail("transport"));
    return transaction;
  }
  environment.send(request, flow);
  if (unreliable) retransmit(T1_MS);
  cancelTimeout = timers.after(TRANSACTION_MS, () => fail("timeout"));
  return transaction;
}

/** RFC 3261 17.1.1.3: the ACK for a final response from 300 up is part of the INVITE's transaction. */
function acknowledgement(invite: SipRequest, response: SipResponse): SipRequest {
  return {
    kind: "request",
    method: "ACK",
    uri: invite.uri,
    headers: [
      header("Via", valueOf(invite, "via") ?? ""),
      header("Max-Forwards", "70"),
      ...valuesOf(invite, "route").map((value) => header("Route", value)),
      header("From", valueOf(invite, "from") ?? ""),
      header("To", valueOf(response, "to") ?? valueOf(invite, "to") ?? ""),
      header("Call-ID", callIdOf(invite)),
      header("CSeq", `${cseqOf(invite)?.number ?? 1} ACK`),
    ],
    body: NO_BODY,
  };
}

/** RFC 3261 9.1: what a CANCEL shares with its INVITE. */
function cancelOf(invite: SipRequest, more: readonly Header[]): SipRequest {
  return {
    kind: "request",
    method: "CANCEL",
    uri: invite.uri,
    headers: [
      header("Max-Forwards", "70"),
      ...valuesOf(invite, "route").map((value) => header("Route", value)),
      header("From", valueOf(invite, "from") ?? ""),
      header("To", valueOf(invite, "to") ?? ""),
      header("Call-ID", callIdOf(invite)),
      header("CSeq", `${cseqOf(invite)?.number ?? 1} CANCEL`),
      ...more,
    ],
    body: NO_BODY,
  };
}
