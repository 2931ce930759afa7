import { STREAM_LINGER_MS, T1_MS, T2_MS } from "./client-transaction.ts";
import { randomTag } from "./sip-fields.ts";
import { type Header, responseTo, type SipRequest, type SipResponse } from "./sip-message.ts";
import type { Cancel, Timers } from "./timers.ts";
import type { Flow } from "./transport.ts";

const TRANSACTION_MS = 64 * T1_MS;

export interface ServerTransaction {
  readonly request: SipRequest;
  readonly flow: Flow;
  /** Status of the last response; 0 before the first. */
  readonly status: number;
  /** Sends a response; what comes after the final one is dropped, except further 2xx of an INVITE. */
  respond(response: SipResponse): void;
  /** Sends a response whatever went before: only a fault does that. */
  respondAgain(response: SipResponse): void;
  /** A response of our own: with our To tag. */
  reply(
    status: number,
    more?: { readonly headers?: readonly Header[]; readonly reason?: string; readonly toTag?: string },
  ): void;
  /** The To tag of our own responses. */
  readonly localTag: string;
  /** The same request came again. */
  retransmitted(): void;
  /** The ACK for a final response from 300 up came. */
  acknowledged(): void;
}

export interface ServerEnvironment {
  readonly timers: Timers;
  send(response: SipResponse, transaction: ServerTransaction): void;
  onDone(transaction: ServerTransaction): void;
  /** A last change to our own responses before they leave (a fault may make them wrong). */
  finish(response: SipResponse): SipResponse;
}

/** Answers one request (RFC 3261 17.2, RFC 6026): absorbs retransmissions, repeats what is not acknowledged. */
export function startServerTransaction(
  environment: ServerEnvironment,
  request: SipRequest,
  flow: Flow,
): ServerTransaction {
  const { timers } = environment;
  const invite = request.method === "INVITE";
  const unreliable = flow.transport === "udp";
  const localTag = randomTag();
  let last: SipResponse | undefined;
  let confirmed = false;
  let cancelRepetition: Cancel = () => undefined;

  const repeat = (delayMs: number): void => {
    cancelRepetition = timers.after(delayMs, () => {
      if (last !== undefined) environment.send(last, transaction);
      repeat(Math.min(delayMs * 2, T2_MS));
    });
  };
  const transaction: ServerTransaction = {
    request,
    flow,
    localTag,
    get status() {
      return last?.status ?? 0;
    },
    respond: (response) => {
      const before = last?.status ?? 0;
      if (before >= 200) {
        // RFC 3261 16.7 step 5: any 2xx to an INVITE is passed on, whatever went before it.
        if (invite && response.status >= 200 && response.status < 300) environment.send(response, transaction);
        return;
      }
      last = response;
      environment.send(response, transaction);
      if (response.status < 200) return;
      if (invite && response.status >= 300) {
        if (unreliable) repeat(T1_MS);
        timers.after(TRANSACTION_MS, () => {
          cancelRepetition();
          environment.onDone(transaction);
        });
      } else {
        timers.after(unreliable || invite ? TRANSACTION_MS : STREAM_LINGER_MS, () => environment.onDone(transaction));
      }
    },
    respondAgain: (response) => environment.send(response, transaction),
    reply: (status, more = {}) => {
      transaction.respond(environment.finish(responseTo(request, status, { toTag: localTag, ...more })));
    },
    retransmitted: () => {
      if (last === undefined || confirmed) return;
      // RFC 6026 7.1: once a 2xx was sent, whoever made it repeats it.
      if (invite && last.status >= 200 && last.status < 300) return;
      environment.send(last, transaction);
    },
    acknowledged: () => {
      if (last === undefined || last.status < 300) return;
      confirmed = true;
      cancelRepetition();
    },
  };
  return transaction;
}
