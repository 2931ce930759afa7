import { oncePer } from "../once-per.ts";
import { callId, cseq, methodOf, toTag } from "../wire/headers.ts";
import type { SipMessage, SipRequest, SipResponse } from "../wire/sip-message.ts";
import { eventsOf } from "../trace/query.ts";
import { byBytes } from "../wire/by-bytes.ts";
import { sipOf } from "../trace/sip-of.ts";
import type { Trace } from "../trace/trace.ts";
import type { EventOf } from "../trace/trace-event.ts";

/** One SIP message of a trace with all its sendings: retransmissions and duplicates over the same flow are one message. */
export interface Message<M extends SipMessage = SipMessage> {
  /** The first sending: what its sender did, whether or not the plan lost it. */
  readonly event: EventOf<"sip">;
  /** The first sending that was not lost; undefined when the receiver never had it. */
  readonly arrived: EventOf<"sip"> | undefined;
  readonly sip: M;
  /** That of the CSeq. */
  readonly method: string;
  readonly callId: string;
}

export type RequestMessage = Message<SipRequest>;
export type ResponseMessage = Message<SipResponse>;

/** A request and the responses to it, in order. */
export interface Exchange {
  readonly request: RequestMessage;
  readonly responses: readonly ResponseMessage[];
}

/** Every SIP message of a trace once, in the order of their first sendings. What is no SIP message is left out. */
export const messagesOf = oncePer((trace: Trace): readonly Message[] => {
  const firsts = byBytes<{ event: EventOf<"sip">; arrived: EventOf<"sip"> | undefined }>();
  for (const event of eventsOf(trace, "sip")) {
    const way = `${event.flow} ${event.from}`;
    const first = firsts.get(way, event.bytes);
    const arrived = event.fate === "lost" ? undefined : event;
    if (first === undefined) firsts.set(way, event.bytes, { event, arrived });
    else first.arrived ??= arrived;
  }
  const messages: Message[] = [];
  for (const sending of firsts.values()) {
    const sip = sipOf(sending.event);
    if (sip.kind === "not-sip") continue;
    messages.push({ ...sending, sip, method: methodOf(sip) ?? "", callId: callId(sip) ?? "" });
  }
  return messages;
});

export function isRequest(message: Message, method?: string): message is RequestMessage {
  return message.sip.kind === "request" && (method === undefined || message.sip.method === method);
}

export function isResponse(message: Message): message is ResponseMessage {
  return message.sip.kind === "response";
}

/** True for a request that starts a dialog or stands alone: without a To tag (RFC 3261, 12.2). */
export function isOutOfDialog(message: RequestMessage): boolean {
  return toTag(message.sip) === undefined;
}

/** The responses among `messages` that go the other way with the request's Call-ID, CSeq number and method. */
export function responsesTo(request: RequestMessage, messages: readonly Message[]): readonly ResponseMessage[] {
  const number = cseq(request.sip)?.number;
  return messages.filter(
    (message): message is ResponseMessage =>
      isResponse(message) &&
      message.event.to === request.event.from &&
      message.method === request.sip.method &&
      message.callId === request.callId &&
      cseq(message.sip)?.number === number,
  );
}

/** The requests of one method in `messages`, each with its responses. */
export function exchangesOf(
  method: string,
  messages: readonly Message[],
  which: (request: RequestMessage) => boolean,
): readonly Exchange[] {
  return messages
    .filter((message): message is RequestMessage => isRequest(message, method) && which(message))
    .map((request) => ({ request, responses: responsesTo(request, messages) }));
}

/** The first response of the exchange that ends it. */
export function finalOf(exchange: Exchange): ResponseMessage | undefined {
  return exchange.responses.find((response) => response.sip.status >= 200);
}
