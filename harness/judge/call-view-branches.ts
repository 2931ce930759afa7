import { cseq, fromTag, topVia, toTag } from "../wire/headers.ts";
import type { Envelope, PhoneRef } from "../trace/trace-event.ts";
import {
  exchangesOf,
  isOutOfDialog,
  isRequest,
  isResponse,
  type Exchange,
  type Message,
  type RequestMessage,
  type ResponseMessage,
} from "./call-view-messages.ts";

/** One INVITE transaction at a phone, and the dialog that came of it. */
export interface Branch {
  readonly phone: PhoneRef;
  /** The socket it reached the phone over. */
  readonly flow: string;
  readonly invite: RequestMessage;
  /** What the phone answered to the INVITE, in order. */
  readonly responses: readonly ResponseMessage[];
  /** The phone's first 1xx, first 180 and final response. */
  readonly provisional: ResponseMessage | undefined;
  readonly ringing: ResponseMessage | undefined;
  readonly final: ResponseMessage | undefined;
  /** The final response when it is a 2xx. */
  readonly answer: ResponseMessage | undefined;
  /** The tag the phone put in To. */
  readonly tag: string | undefined;
  readonly cancels: readonly RequestMessage[];
  readonly acks: readonly RequestMessage[];
  readonly byesReceived: readonly Exchange[];
  readonly byesSent: readonly Exchange[];
}

interface Transaction {
  readonly invite: RequestMessage;
  readonly branch: string | undefined;
  readonly responses: readonly ResponseMessage[];
  readonly tag: string | undefined;
}

/** In the client role the app under test is the phone's end of every message, and RingTrue's SIP server is the other. */
export function reachesPhone({ from, to }: Pick<Envelope, "from" | "to">): boolean {
  return to === "phone" || from === "server";
}

export function leavesPhone({ from, to }: Pick<Envelope, "from" | "to">): boolean {
  return from === "phone" || to === "server";
}

/** The branches among the messages that went between one phone and whoever calls it, in order. */
export function branchesOf(phone: PhoneRef, messages: readonly Message[]): readonly Branch[] {
  const transactions = transactionsOf(messages);
  const owners = new Map<RequestMessage, Transaction>();
  for (const message of messages) {
    if (!isRequest(message) || message.sip.method === "REGISTER") continue;
    const owner = ownerOf(message, transactions);
    if (owner !== undefined) owners.set(message, owner);
  }
  return transactions.map((transaction) => {
    const mine = (request: RequestMessage) => owners.get(request) === transaction;
    const toPhone = (method: string) =>
      messages.filter(
        (message): message is RequestMessage =>
          isRequest(message, method) && reachesPhone(message.event) && mine(message),
      );
    const { responses } = transaction;
    const final = responses.find((response) => response.sip.status >= 200);
    return {
      phone,
      flow: transaction.invite.event.flow,
      invite: transaction.invite,
      responses,
      provisional: responses.find((response) => response.sip.status < 200),
      ringing: responses.find((response) => response.sip.status === 180),
      final,
      answer: final !== undefined && final.sip.status < 300 ? final : undefined,
      tag: transaction.tag,
      cancels: toPhone("CANCEL"),
      acks: toPhone("ACK"),
      byesReceived: exchangesOf("BYE", messages, (request) => reachesPhone(request.event) && mine(request)),
      byesSent: exchangesOf("BYE", messages, (request) => leavesPhone(request.event) && mine(request)),
    };
  });
}

function transactionsOf(messages: readonly Message[]): readonly Transaction[] {
  const transactions = new Map<string, Transaction>();
  for (const invite of messages) {
    if (!isRequest(invite, "INVITE") || !reachesPhone(invite.event) || !isOutOfDialog(invite)) continue;
    const branch = topVia(invite.sip)?.branch;
    const number = cseq(invite.sip)?.number;
    const key = [invite.event.flow, invite.callId, branch, number].join(" ");
    if (transactions.has(key)) continue;
    const responses = messages.filter(
      (message): message is ResponseMessage =>
        isResponse(message) &&
        leavesPhone(message.event) &&
        tookTheWayOf(invite, message) &&
        message.method === "INVITE" &&
        message.callId === invite.callId &&
        topVia(message.sip)?.branch === branch,
    );
    const tag = responses.map((response) => toTag(response.sip)).find((value) => value !== undefined);
    transactions.set(key, { invite, branch, responses, tag });
  }
  return [...transactions.values()];
}

/** An app that has moved to another network answers over the flow it has there. */
function tookTheWayOf(invite: RequestMessage, response: Message): boolean {
  return response.event.flow === invite.event.flow || response.event.to === "server";
}

/**
 * The transaction a later request belongs to: by its Via branch (CANCEL, ACK of a rejection) or the phone's tag (ACK of a 2xx, BYE).
 * A target that gets those wrong is judged for that elsewhere; here its newest INVITE of that Call-ID is meant.
 */
function ownerOf(request: RequestMessage, transactions: readonly Transaction[]): Transaction | undefined {
  const sameCall = transactions.filter(
    ({ invite }) => invite.callId === request.callId && invite.event.seq < request.event.seq,
  );
  const branch = topVia(request.sip)?.branch;
  const tag = leavesPhone(request.event) ? fromTag(request.sip) : toTag(request.sip);
  return (
    sameCall.find(
      (transaction) =>
        branch !== undefined && transaction.branch === branch && transaction.invite.event.flow === request.event.flow,
    ) ??
    sameCall.find((transaction) => tag !== undefined && transaction.tag === tag) ??
    sameCall.findLast((transaction) => transaction.invite.event.flow === request.event.flow) ??
    sameCall.at(-1)
  );
}
