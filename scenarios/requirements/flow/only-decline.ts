import type { ResponseMessage } from "../../../harness/judge/call-view-messages.ts";
import type { CallView } from "../../../harness/judge/call-view.ts";
import { hangUpOf } from "./call-facts.ts";

/**
 * The rejection the only phone of an account sent of itself while the call was still open, with when it reached the target.
 * Undefined where the caller hung up first, the call was already final, or several phones have a say.
 */
export function onlyDecline(call: CallView): ResponseMessage | undefined {
  if (call.phones.length !== 1) return undefined;
  const decline = call.branches
    .flatMap(({ final }) => (final === undefined ? [] : [final]))
    .find(({ sip, arrived }) => sip.status >= 300 && sip.status !== 487 && arrived !== undefined);
  if (decline?.arrived === undefined) return undefined;
  const { seq } = decline.arrived;
  const hungUp = hangUpOf(call);
  const isOpen = (hungUp === undefined || hungUp.seq > seq) && call.caller.finals.every(({ event }) => event.seq > seq);
  return isOpen ? decline : undefined;
}
