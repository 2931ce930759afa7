import type { Trace } from "../../../harness/trace/trace.ts";
import { callId, toTag } from "../../../harness/wire/headers.ts";
import { cseqNumberOf, isRequest, messagesOf, type SeenRequest } from "./messages-of.ts";

/** The caller's INVITE and what the target made of it for a phone. */
export interface ForwardedInvite {
  readonly received: SeenRequest;
  readonly forwarded: SeenRequest;
}

/**
 * Every INVITE that reached a phone with the caller's INVITE it came from: that of the same Call-ID, or (a Call-ID may have
 * been changed) that of the same call; of several (digest) the one with the same CSeq number.
 */
export function forwardedInvites(trace: Trace): readonly ForwardedInvite[] {
  const received = initialInvites(trace, "world").filter(({ event }) => event.from === "caller");
  return initialInvites(trace, "target").flatMap((forwarded) => {
    if (forwarded.event.to !== "phone") return [];
    const before = received.filter(({ event }) => event.seq < forwarded.event.seq);
    const byCallId = before.filter(({ message }) => callId(message) === callId(forwarded.message));
    const byCall = before.filter(({ event }) => event.call !== undefined && event.call === forwarded.event.call);
    const candidates = byCallId.length > 0 ? byCallId : byCall;
    const source =
      candidates.findLast((invite) => cseqNumberOf(invite) === cseqNumberOf(forwarded)) ?? candidates.at(-1);
    return source === undefined ? [] : [{ received: source, forwarded }];
  });
}

function initialInvites(trace: Trace, sender: "target" | "world"): readonly SeenRequest[] {
  return messagesOf(trace, sender)
    .filter(isRequest)
    .filter(({ message }) => message.method === "INVITE" && toTag(message) === undefined);
}
