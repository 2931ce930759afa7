import type { Binding } from "./bindings.ts";
import type { HeaderLine } from "./message-text.ts";
import { ALLOW_UPDATE } from "./message-text.ts";
import { type CallerLeg, type CallEvent, outgoingCall } from "./outgoing-call.ts";
import { type Media, sdpOffer } from "./sdp.ts";
import type { SipHub } from "./sip-hub.ts";
import { contactUri } from "./via-of.ts";
import { newToken } from "./identifiers.ts";

/** The forms in which a caller's hang-up reaches a phone before it answered (RFC 3326; 200 and 26: RFC 3261 section 16.7 by proxies, Q.850). */
export const cancelForms = {
  plain: [],
  "completed-elsewhere": [["Reason", 'SIP;cause=200;text="Call completed elsewhere"']],
  "answered-elsewhere": [["Reason", "Q.850;cause=26"]],
  "declined-elsewhere": [["Reason", "SIP;cause=603"]],
} as const satisfies Readonly<Record<string, readonly HeaderLine[]>>;

export type CancelForm = keyof typeof cancelForms;

/** One INVITE to one binding. */
export interface InviteOrder {
  readonly binding: Binding;
  /** To: `sip:user@domain` of the callee. */
  readonly aor: string;
  readonly caller: { readonly uri: string; readonly displayName: string };
  readonly callId: string;
  /** Kind of the canned offer. @default "rtp" */
  readonly media?: Media;
  readonly video?: boolean;
  /** No offer: the phone makes it. @default false */
  readonly delayedOffer?: boolean;
  /** `Supported: 100rel`; a reliable provisional response is acknowledged (RFC 3262). @default false */
  readonly reliable?: boolean;
  /** Further header fields, such as the one that equals the hint of the push. */
  readonly headers?: readonly HeaderLine[];
  readonly onEvent: (event: CallEvent) => void;
}

/** A call on its way to a client. No method throws; out of turn they do nothing. */
export interface SentCall {
  readonly callId: string;
  /** Hangs up before the answer, as soon as RFC 3261 section 9.1 allows. @default "plain" */
  cancel(form?: CancelForm): void;
  /** Hangs up after the answer. */
  bye(): void;
  hangUp(): void;
  /** A second branch of the same call, to the same binding or another one of its phone. */
  branch(binding?: Binding): void;
  /** Writes the INVITE again although no timer asks for it. */
  repeatInvite(): void;
  repeatAck(): void;
  /** @default offers the same again; `hold`: `a=sendonly`; `delayedOffer`: leaves the offer to the phone */
  reinvite(how?: { readonly hold?: boolean; readonly delayedOffer?: boolean }): void;
  options(): void;
  /** Forgets the call without a word. */
  dispose(): void;
}

/** What the server around it hands to a call, and takes from it. */
export interface InviteSenderSurroundings {
  /** The hub of a flow. Of one that is gone too: what is sent there fails. */
  readonly hubOf: (flow: string) => SipHub;
  /** The newest flow of the same phone, when the call's own is gone or leads nowhere. */
  readonly newestFlow: () => string | undefined;
  readonly ended: () => void;
}

/** Sends the INVITE at once; its `leg` is told what comes in. */
export function sendInvite(
  order: InviteOrder,
  surroundings: InviteSenderSurroundings,
): {
  readonly call: SentCall;
  readonly leg: CallerLeg;
  readonly movedTo: (hub: SipHub) => void;
  readonly hub: () => SipHub;
} {
  let hub = surroundings.hubOf(order.binding.flow);
  const present = (): SipHub => {
    if (hub.socket.state() !== "open") {
      const newer = surroundings.newestFlow();
      if (newer !== undefined) hub = surroundings.hubOf(newer);
    }
    return hub;
  };
  const leg = outgoingCall({
    hub: present,
    uri: order.caller.uri,
    displayName: order.caller.displayName,
    contact: contactUri(hub.socket, `caller-${newToken()}`),
    allow: ALLOW_UPDATE,
    overFlow: true,
    onEvent: order.onEvent,
  });
  let version = 1;
  const offer = (direction: "sendrecv" | "sendonly"): string =>
    sdpOffer({
      host: hub.socket.local.host,
      video: order.video ?? false,
      media: order.media ?? "rtp",
      direction,
      version,
    });
  leg.invite({
    to: order.aor,
    requestUri: order.binding.contact,
    callId: order.callId,
    sdp: order.delayedOffer === true ? undefined : offer("sendrecv"),
    ...(order.reliable === true ? { supported: ["100rel"] } : {}),
    ...(order.headers === undefined ? {} : { headers: order.headers }),
  });
  let direction: "sendrecv" | "sendonly" = "sendrecv";

  const call: SentCall = {
    callId: order.callId,
    cancel: (form = "plain") => leg.cancel(cancelForms[form]),
    bye: () => leg.bye(),
    hangUp: () => leg.hangUp(),
    branch: (binding = order.binding) => leg.branch(surroundings.hubOf(binding.flow), binding.contact),
    repeatInvite: leg.repeatInvite,
    repeatAck: leg.repeatAck,
    reinvite({ hold = false, delayedOffer = false } = {}) {
      const next = hold ? "sendonly" : "sendrecv";
      // RFC 3264 section 8: another description has a higher version.
      if (next !== direction) version += 1;
      direction = next;
      leg.reinvite(delayedOffer ? undefined : offer(next));
    },
    options: leg.options,
    dispose() {
      leg.dispose();
      surroundings.ended();
    },
  };
  return { call, leg, hub: () => hub, movedTo: (next) => void (hub = next) };
}
