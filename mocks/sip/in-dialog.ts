import { cseq } from "../../harness/wire/headers.ts";
import { type AcceptedInvite, acceptInvite } from "./accepted-invite.ts";
import { type Dialog, refreshTarget } from "./dialog.ts";
import { ALLOW, ALLOW_UPDATE, type HeaderLine } from "./message-text.ts";
import { sdpAnswer } from "./sdp.ts";
import type { IncomingRequest } from "./server-transaction.ts";
import type { TimerGroup } from "./timer-group.ts";

/** What a request within a dialog came to: `bye` and `reinvite` are already answered 200. */
export type InDialog =
  | { readonly kind: "bye" }
  | { readonly kind: "reinvite"; readonly accepted: AcceptedInvite; readonly cseq: number }
  | { readonly kind: "other" };

/** What the end that is asked puts into its answers. */
export interface OwnEnd {
  readonly timers: TimerGroup;
  readonly contact: HeaderLine;
  /** Address for session descriptions. */
  readonly host: string;
  /** An INVITE of ours within this dialog, or an offer of ours, has no answer yet. @default false */
  readonly offered?: boolean;
}

/** Answers a BYE, re-INVITE, UPDATE or OPTIONS within `dialog` (RFC 3261 sections 12.2.2, 14.2, 15.1.2, RFC 3311 section 5.2). */
export function answerInDialog(incoming: IncomingRequest, dialog: Dialog, own: OwnEnd): InDialog {
  const { request } = incoming;
  const number = cseq(request)?.number ?? 0;
  if (number < dialog.remoteCseq) {
    incoming.respond({ status: 500, reason: "Out of Order" });
    return { kind: "other" };
  }
  dialog.remoteCseq = number;
  if (request.method === "BYE") {
    incoming.respond({ status: 200 });
    return { kind: "bye" };
  }
  const offer = Buffer.from(request.body).toString();
  const crosses = own.offered === true && (request.method === "INVITE" || offer !== "");
  if (crosses && request.method !== "OPTIONS") {
    incoming.respond({ status: 491 });
    return { kind: "other" };
  }
  if (request.method === "INVITE") {
    refreshTarget(dialog, request);
    const answer = { headers: [own.contact, ALLOW], sdp: sdpAnswer(offer, { host: own.host, video: true }) };
    return { kind: "reinvite", cseq: number, accepted: acceptInvite(incoming, own.timers, answer, () => {}) };
  }
  if (request.method === "UPDATE") {
    refreshTarget(dialog, request);
    const text = offer === "" ? undefined : sdpAnswer(offer, { host: own.host, video: true });
    const body = text === undefined ? {} : { body: { type: "application/sdp", text } };
    incoming.respond({ status: 200, headers: [own.contact, ALLOW_UPDATE], ...body });
    return { kind: "other" };
  }
  incoming.respond({ status: 200, headers: [ALLOW] });
  return { kind: "other" };
}
