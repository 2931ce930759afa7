import { isIPv4, isIPv6 } from "node:net";
import { callId, contacts, cseq, fromTag, header, headerValues, toTag } from "../../harness/wire/headers.ts";
import type { SipRequest, SipResponse } from "../../harness/wire/sip-message.ts";
import { parseSipUri } from "../../harness/wire/sip-uri.ts";
import type { HeaderLine, OutgoingRequest } from "./message-text.ts";
import type { Address } from "./sip-socket.ts";

/** One end's view of a dialog (RFC 3261 section 12). Only the sequence numbers and the remote target move. */
export interface Dialog {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** From and To values of our requests, with tags. */
  readonly localValue: string;
  readonly remoteValue: string;
  remoteTarget: string;
  readonly routeSet: readonly string[];
  localCseq: number;
  remoteCseq: number;
}

/** The dialog a 2xx makes at the caller (12.1.2): Record-Route in reverse. Without a Contact the Request-URI stays the target. */
export function dialogOfAnswer(invite: OutgoingRequest, localTag: string, answer: SipResponse): Dialog {
  return {
    callId: invite.callId,
    localTag,
    remoteTag: toTag(answer) ?? "",
    localValue: invite.from,
    remoteValue: header(answer, "to") ?? invite.to,
    remoteTarget: contactOf(answer) ?? invite.uri,
    routeSet: headerValues(answer, "record-route").toReversed(),
    localCseq: invite.cseq,
    remoteCseq: 0,
  };
}

/** The dialog our 2xx makes at the callee (12.1.1): Record-Route in order. */
export function dialogOfInvite(invite: SipRequest, localTag: string): Dialog {
  const from = header(invite, "from") ?? "";
  return {
    callId: callId(invite) ?? "",
    localTag,
    remoteTag: fromTag(invite) ?? "",
    localValue: `${header(invite, "to") ?? ""};tag=${localTag}`,
    remoteValue: from,
    remoteTarget: contactOf(invite) ?? parseNameAddrUri(from) ?? invite.uri,
    routeSet: headerValues(invite, "record-route"),
    localCseq: 0,
    remoteCseq: cseq(invite)?.number ?? 0,
  };
}

/** What a re-INVITE, an UPDATE or its 2xx does: its Contact is the new remote target (12.2, RFC 3311 section 5). */
export function refreshTarget(dialog: Dialog, message: SipRequest | SipResponse): void {
  dialog.remoteTarget = contactOf(message) ?? dialog.remoteTarget;
}

/** Whether a request belongs to it (12.2.2). */
export function isOfDialog(dialog: Dialog, request: SipRequest): boolean {
  return (
    callId(request) === dialog.callId &&
    toTag(request) === dialog.localTag &&
    (fromTag(request) ?? "") === dialog.remoteTag
  );
}

/** A request within it (12.2.1.1). ACK takes the number of its INVITE, every other method the next one. */
export function requestInDialog(
  dialog: Dialog,
  method: string,
  options: {
    readonly cseq?: number;
    readonly headers?: readonly HeaderLine[];
    readonly body?: OutgoingRequest["body"];
  } = {},
): OutgoingRequest {
  if (options.cseq === undefined) dialog.localCseq += 1;
  const [first, ...rest] = dialog.routeSet;
  const firstUri = first === undefined ? undefined : parseNameAddrUri(first);
  const strict = firstUri !== undefined && parseSipUri(firstUri)?.params.has("lr") !== true;
  const nextHop = addressOf(firstUri ?? dialog.remoteTarget);
  return {
    method,
    uri: strict ? firstUri : dialog.remoteTarget,
    from: dialog.localValue,
    to: dialog.remoteValue,
    callId: dialog.callId,
    cseq: options.cseq ?? dialog.localCseq,
    routes: strict ? [...rest, `<${dialog.remoteTarget}>`] : dialog.routeSet,
    headers: options.headers ?? [],
    ...(options.body === undefined ? {} : { body: options.body }),
    ...(nextHop === undefined ? {} : { nextHop }),
  };
}

function contactOf(message: SipRequest | SipResponse): string | undefined {
  const [contact] = contacts(message);
  return contact === undefined || contact === "*" ? undefined : contact.uri.raw;
}

function parseNameAddrUri(value: string): string | undefined {
  const bracketed = /<([^>]*)>/.exec(value)?.[1];
  return bracketed ?? /^\s*([^;\s]+)/.exec(value)?.[1];
}

/**
 * Where a datagram for that URI goes, when it says so by itself: a literal address reached over UDP. Everything else goes to the
 * target, which stands for the name.
 */
function addressOf(uri: string): Address | undefined {
  const parsed = parseSipUri(uri);
  if (parsed?.scheme !== "sip" || (parsed.params.get("transport") ?? "udp").toLowerCase() !== "udp") return undefined;
  const host = parsed.host.replace(/^\[|\]$/g, "");
  if (!(isIPv4(host) && host !== "0.0.0.0") && !(isIPv6(host) && host !== "::")) return undefined;
  return { host, port: parsed.port ?? 5060 };
}
