import type { HeaderLine } from "./message-text.ts";
import type { IncomingRequest } from "./server-transaction.ts";
import { T2_MS, TRANSACTION_TIMEOUT_MS, type TimerGroup } from "./timer-group.ts";

export interface AcceptedInvite {
  /** The ACK came. */
  acknowledged(): void;
  stop(): void;
}

/**
 * Answers an INVITE 200 and sends it again, on every transport, until the ACK comes or 64*T1 are over (RFC 3261 section 13.3.1.4).
 */
export function acceptInvite(
  incoming: IncomingRequest,
  timers: TimerGroup,
  answer: { readonly headers: readonly HeaderLine[]; readonly sdp: string },
  onUnacknowledged: () => void,
): AcceptedInvite {
  incoming.respond({ status: 200, headers: answer.headers, body: { type: "application/sdp", text: answer.sdp } });
  const stopRepeating = timers.backingOff(T2_MS, () => {
    incoming.repeatAnswer();
    return true;
  });
  const stopWaiting = timers.after(TRANSACTION_TIMEOUT_MS, () => {
    stopRepeating();
    onUnacknowledged();
  });
  const stop = (): void => {
    stopRepeating();
    stopWaiting();
  };
  return { acknowledged: stop, stop };
}
