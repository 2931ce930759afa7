import { randomUUID } from "node:crypto";
import type { PushedCall } from "./push-payload.ts";
import { parseNameAddress, parseUri } from "./sip-fields.ts";
import { type SipRequest, valueOf } from "./sip-message.ts";

/** Reads from the caller's INVITE what a push will say. `callId`: of the phone's leg. */
export function pushedCallOf(invite: SipRequest, callId: string): PushedCall {
  const from = parseNameAddress(valueOf(invite, "from") ?? "");
  const uri = from === undefined ? undefined : parseUri(from.uri);
  const handle = utf8(uri?.user ?? uri?.host ?? "");
  const callUuid = randomUUID();
  return {
    callUuid,
    callId: utf8(callId),
    hint: randomUUID(),
    handle,
    callerName: utf8(from?.displayName ?? "") || handle,
    video: offersVideo(invite.body),
  };
}

/** Header text is Latin-1 inside this server; what it means is UTF-8 (RFC 3261 7). */
function utf8(text: string): string {
  return Buffer.from(text, "latin1").toString("utf8");
}

/** A media line for video that is not switched off (port 0, RFC 3264 5). */
function offersVideo(body: Buffer): boolean {
  return /^m=video +(?!0[ /])\d/m.test(body.toString("latin1"));
}
