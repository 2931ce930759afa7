import { cseq } from "../../harness/wire/headers.ts";
import { type AcceptedInvite, acceptInvite } from "./accepted-invite.ts";
import type { Dialog } from "./dialog.ts";
import { ALLOW, type HeaderLine } from "./message-text.ts";
import { sdpAnswer } from "./sdp.ts";
import type { IncomingRequest } from "./server-transaction.ts";
import type { TimerGroup } from "./timer-group.ts";

/** What a request within a dialog came to: `bye` and `reinvite` are already answered 200. */
export type InDialog =
  | { readonly kind: "bye" }
  | { readonly kind: "reinvite"; readonly accepted: AcceptedInvite; readonly cseq: number }
  | { readonly kind: "other" };

/** Answers a BYE, re-INVITE or OPTIONS within `dialog` (RFC 3261 sections 12.2.2, 14.2, 15.1.2). */
export function answerInDialog(
  incoming: IncomingRequest,
  dialog: Dialog,
  own: { readonly timers: TimerGroup; readonly contact: HeaderLine; readonly host: string },
): InDialog {
  const number = cseq(incoming.request)?.number ?? 0;
  if (number < dialog.remoteCseq) {
    incoming.respond({ status: 500, reason: "Out of Order" });
    return { kind: "other" };
  }
  dialog.remoteCseq = number;
  if (incoming.request.method === "BYE") {
    incoming.respond({ status: 200 });
    return { kind: "bye" };
  }
  if (incoming.request.method === "INVITE") {
    const offer = Buffer.from(incoming.request.body).toString();
    const answer = { headers: [own.contact, ALLOW], sdp: sdpAnswer(offer, { host: own.host, video: true }) };
    return { kind: "reinvite", cseq: number, accepted: acceptInvite(incoming, own.timers, answer, () => {}) };
  }
  incoming.respond({ status: 200, headers: [ALLOW] });
  return { kind: "other" };
}
