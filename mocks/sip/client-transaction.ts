import { topVia } from "../../harness/wire/headers.ts";
import type { SipResponse } from "../../harness/wire/sip-message.ts";
import { type OutgoingRequest, requestText } from "./message-text.ts";
import {
  InviteClientTransaction,
  loggerFactory,
  NonInviteClientTransaction,
  toSipJsRequest,
  toSipJsResponse,
  TransactionState,
} from "./sip-js.ts";
import type { SipSocket } from "./sip-socket.ts";
import { T2_MS, type TimerGroup } from "./timer-group.ts";
import { viaOf } from "./via-of.ts";

/** What a client transaction tells its user. */
export interface ClientUser {
  /** Every provisional response, the final one, and for INVITE every 2xx, also when it comes again (RFC 6026 section 8.4). */
  readonly response: (response: SipResponse) => void;
  /** No final response in time (timers B, F). */
  readonly timeout: () => void;
  /** The socket went away before the final response. */
  readonly closed: () => void;
}

export interface ClientTransaction {
  readonly request: OutgoingRequest;
  readonly branch: string;
  readonly flow: string;
  receive(response: SipResponse): void;
  /** Writes the request once more although no timer asks for it. */
  resend(): void;
  /** The socket is gone; tells the user when it still waits. */
  flowClosed(): void;
  dispose(): void;
}

/** Sends a request and sees it through: sip.js's state machine with the timers it lacks (A and E of RFC 3261 section 17.1). */
export function clientTransaction(
  socket: SipSocket,
  timers: TimerGroup,
  request: OutgoingRequest,
  user: ClientUser,
  options: { readonly branch?: string; readonly onTerminated: () => void },
): ClientTransaction {
  const invite = request.method === "INVITE";
  let first = true;
  let settled = false;
  let last: SipResponse | undefined;
  let stopResending = (): void => {};

  function write(text: string, retransmission: boolean): void {
    const bytes = Buffer.from(text);
    socket.send(bytes, request.nextHop === undefined ? { retransmission } : { to: request.nextHop, retransmission });
  }

  const acknowledged = new Set<string>();
  const face = toSipJsRequest(request, options.branch, (branch) => requestText(request, viaOf(socket, branch)));
  const transport = {
    protocol: socket.transport.toUpperCase(),
    send(text: string): Promise<void> {
      if (!invite || first) {
        write(text, !first);
        first = false;
      } else if (last !== undefined) {
        // Its ACK for a rejection copies one Route and no credentials: ours is written instead (17.1.1.3, 22.1).
        const ack = requestText(ackForRejection(request, last), viaOf(socket, face.branch ?? ""));
        write(ack, acknowledged.has(ack));
        acknowledged.add(ack);
      }
      return Promise.resolve();
    },
  };

  function settle(): boolean {
    const now = !settled;
    settled = true;
    stopResending();
    return now;
  }

  const sipJsUser = {
    loggerFactory,
    onStateChange(state: TransactionState) {
      if (state !== TransactionState.Terminated) return;
      stopResending();
      options.onTerminated();
    },
    onRequestTimeout() {
      if (!settle()) return;
      // sip.js reports a received 408 this way too.
      if (last !== undefined && last.status === 408) user.response(last);
      else user.timeout();
    },
    receiveResponse() {
      if (last === undefined) return;
      if (last.status >= 200) settle();
      user.response(last);
    },
  };
  const transaction = invite
    ? new InviteClientTransaction(face, transport, sipJsUser)
    : new NonInviteClientTransaction(face, transport, sipJsUser);

  if (socket.transport === "udp") {
    stopResending = timers.backingOff(invite ? Number.POSITIVE_INFINITY : T2_MS, () => {
      const wanted =
        transaction.state === TransactionState.Calling ||
        transaction.state === TransactionState.Trying ||
        (!invite && transaction.state === TransactionState.Proceeding);
      if (wanted) write(face.toString(), true);
      return wanted;
    });
  }

  return {
    request,
    branch: face.branch ?? "",
    flow: socket.flow,
    resend: () => write(face.toString(), true),
    receive(response) {
      last = response;
      const again2xx =
        invite && transaction.state === TransactionState.Accepted && Math.floor(response.status / 100) === 2;
      if (again2xx) user.response(response);
      else transaction.receiveResponse(toSipJsResponse(response));
    },
    flowClosed() {
      transaction.dispose();
      if (settle()) user.closed();
    },
    dispose() {
      settle();
      transaction.dispose();
    },
  };
}

const CREDENTIALS = new Set(["authorization", "proxy-authorization"]);

/** RFC 3261 section 17.1.1.3. */
function ackForRejection(invite: OutgoingRequest, response: SipResponse): OutgoingRequest {
  const { body: _, ...rest } = invite;
  return {
    ...rest,
    method: "ACK",
    to: response.headers.find((field) => field.name === "to")?.value ?? invite.to,
    headers: invite.headers.filter(([name]) => CREDENTIALS.has(name.toLowerCase())),
  };
}

/** Which client transaction a response belongs to: branch and CSeq method (RFC 3261 section 17.1.3). */
export function responseKey(response: SipResponse, method: string): string {
  return `${topVia(response)?.branch ?? ""} ${method}`;
}
