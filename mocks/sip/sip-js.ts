import {
  ClientTransaction,
  IncomingRequestMessage,
  IncomingResponseMessage,
  Levels,
  LoggerFactory,
  type OutgoingRequestMessage,
  Timers,
} from "sip.js/lib/core/index.js";
import { callId, cseq, header, toTag, topVia } from "../../harness/wire/headers.ts";
import type { SipRequest, SipResponse } from "../../harness/wire/sip-message.ts";
import { newBranch } from "./identifiers.ts";
import type { OutgoingRequest } from "./message-text.ts";
import { T1_MS, T4_MS } from "./timer-group.ts";

/*
 * sip.js plays the transaction state machines (RFC 3261 section 17, RFC 6026). It has no parser of ours, no addresses and no retransmission
 * timers; the hub adds those. What is patched here is held by sip-js.test.ts.
 */

export {
  InviteClientTransaction,
  InviteServerTransaction,
  NonInviteClientTransaction,
  NonInviteServerTransaction,
  TransactionState,
  type Transport as SipJsTransport,
} from "sip.js/lib/core/index.js";

// Its waits after a final message are those of reliable transports (0); over UDP a BYE sent again would then draw 481.
Object.assign(Timers, { TIMER_D: 64 * T1_MS, TIMER_I: T4_MS, TIMER_J: 64 * T1_MS, TIMER_K: T4_MS });

// Its branches are drawn from 10^7 and collide; one collision loses a transaction. A CANCEL shares its INVITE's (9.1).
(ClientTransaction as unknown as { makeId: (request: OutgoingRequestMessage) => string }).makeId = (request) =>
  request.method === "CANCEL" && request.branch !== undefined ? request.branch : newBranch();

export const loggerFactory = new LoggerFactory();
loggerFactory.builtinEnabled = false;
loggerFactory.level = Levels.error;

/** The face of an outgoing request that a client transaction looks at; `text` is given the branch it chose. */
export function toSipJsRequest(
  request: OutgoingRequest,
  branch: string | undefined,
  text: (branch: string) => string,
): OutgoingRequestMessage {
  const fields: Readonly<Record<string, string>> = { from: request.from, to: request.to, via: "-" };
  const face = {
    method: request.method,
    ruri: request.uri,
    callId: request.callId,
    cseq: request.cseq,
    branch,
    getHeader: (name: string) => fields[name.toLowerCase()],
    setViaHeader(id: string) {
      face.branch = id;
    },
    toString: () => text(face.branch ?? ""),
  };
  return face as unknown as OutgoingRequestMessage;
}

export function toSipJsResponse(response: SipResponse): IncomingResponseMessage {
  const message = new IncomingResponseMessage();
  message.statusCode = response.status;
  message.reasonPhrase = response.reason;
  message.method = cseq(response)?.method ?? "";
  message.toTag = toTag(response) ?? "";
  message.headers = { To: [{ raw: header(response, "to") ?? "<sip:unknown@invalid>" }] };
  return message;
}

export function toSipJsRequestMessage(request: SipRequest): IncomingRequestMessage {
  const message = new IncomingRequestMessage();
  message.method = request.method;
  message.callId = callId(request) ?? "";
  message.viaBranch = topVia(request)?.branch ?? "";
  return message;
}
