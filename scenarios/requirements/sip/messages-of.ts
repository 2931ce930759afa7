import { oncePerPart } from "../../../harness/once-per.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import { sipOf } from "../../../harness/trace/sip-of.ts";
import type { EventOf } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { cseq, topVia } from "../../../harness/wire/headers.ts";
import type { SipMessage, SipRequest, SipResponse } from "../../../harness/wire/sip-message.ts";

/** Whose messages are judged: the target's, or (by the same rules) RingTrue's own. */
export type Sender = "target" | "world";

/** A SIP message with the event that carried it. */
export interface Seen<M extends SipMessage = SipMessage> {
  readonly event: EventOf<"sip">;
  readonly message: M;
}

export type SeenRequest = Seen<SipRequest>;
export type SeenResponse = Seen<SipResponse>;

/** Every message one side sent, retransmissions and lost ones too, in order; what is no SIP message is left out. */
export const transmissionsOf = oncePerPart((trace: Trace, sender: Sender): readonly Seen[] =>
  eventsOf(trace, "sip")
    .filter((event) => event.by === sender)
    .flatMap((event) => {
      const message = sipOf(event);
      return message.kind === "not-sip" ? [] : [{ event, message }];
    }),
);

/**
 * The messages to judge, each once: retransmissions are the same bytes again. What RingTrue lost of its own was never on the
 * wire, so there the first sending that was counts; what it lost of the target's was.
 */
export function messagesOf(trace: Trace, sender: Sender): readonly Seen[] {
  const sent = new Set<number>();
  return transmissionsOf(trace, sender).filter(({ event }) => {
    const first = event.retransmitOf ?? event.seq;
    const wasSent = event.fate === "delivered" || (event.fate === "lost" && sender === "target");
    if (!wasSent || sent.has(first)) return false;
    sent.add(first);
    return true;
  });
}

export function isRequest(seen: Seen): seen is SeenRequest {
  return seen.message.kind === "request";
}

export function isResponse(seen: Seen): seen is SeenResponse {
  return seen.message.kind === "response";
}

/** It reached the other side: RingTrue did not lose it. */
export function arrived({ event }: Seen): boolean {
  return event.fate !== "lost";
}

export function other(sender: Sender): Sender {
  return sender === "target" ? "world" : "target";
}

/** Branch of the top Via: names the transaction (RFC 3261, 17.2.3). */
export function branchOf(seen: Seen): string | undefined {
  return topVia(seen.message)?.branch;
}

export function cseqNumberOf(seen: Seen): number | undefined {
  return cseq(seen.message)?.number;
}
