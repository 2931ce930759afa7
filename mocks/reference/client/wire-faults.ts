import { randomBranch } from "../sip-fields.ts";
import type { Fault } from "../faults.ts";
import type { ClientFault } from "./faults.ts";

/** Those that live in the transactions the servers use as well. */
export function transactionFault(fault: ClientFault): Fault {
  if (fault === "app-branch-reused") return "branch-reused";
  if (fault === "app-retransmission-starts-new-call") return "retransmission-starts-new-call";
  return "none";
}

const COOKIE = "branch=z9hG4bK";
const BARE = "branch=plain-";

/** What a fault makes of a message that leaves; latin1, so that every byte stays what it is. */
export function spoiled(fault: ClientFault, bytes: Buffer): Buffer {
  const text = bytes.toString("latin1");
  const isRequest = !text.startsWith("SIP/2.0 ");
  const isProvisional = text.startsWith("SIP/2.0 1");
  const answersInvite = !isRequest && /\r\nCSeq:[ \t]*\d+ INVITE\r\n/i.test(text);
  switch (fault) {
    case "app-header-without-colon":
      return answersInvite ? edited(text, /\r\n\r\n/, "\r\nThis line has no colon\r\n\r\n") : bytes;
    case "app-request-without-max-forwards":
      return isRequest ? edited(text, /\r\nMax-Forwards:[^\r]*/i, "") : bytes;
    case "app-content-length-missing":
      return edited(text, /\r\nContent-Length:[ \t]*0(?=\r\n)/i, "");
    case "app-bad-content-length":
      return answersInvite ? edited(text, /(\r\nContent-Length:[ \t]*)\d*?(\d{2})(?=\r\n)/i, "$1$2") : bytes;
    case "app-branch-without-cookie":
      return isRequest ? edited(text, COOKIE, BARE) : bytes;
    case "app-final-without-to-tag":
      // Without the tag of a 2xx there would be no dialog at all.
      return isRequest || !/^SIP\/2\.0 [3-6]/.test(text) ? bytes : edited(text, /(\r\nTo:[^\r]*?);tag=[^;\r]*/i, "$1");
    case "app-response-via-dropped-param":
      return isProvisional
        ? edited(text, /\r\nFrom:/i, `\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=${randomBranch()}\r\nFrom:`)
        : bytes;
    case "app-response-cseq-changed":
      return isProvisional ? edited(text, /(\r\nCSeq:[ \t]*)(\d+)/i, "$19$2") : bytes;
    default:
      return bytes;
  }
}

/** Undoes on what comes back what would keep the app from knowing its own requests. */
export function mended(fault: ClientFault, bytes: Buffer): Buffer {
  if (fault !== "app-branch-without-cookie") return bytes;
  const text = bytes.toString("latin1");
  return text.startsWith("SIP/2.0 ") ? edited(text, BARE, COOKIE) : bytes;
}

function edited(text: string, what: RegExp | string, by: string): Buffer {
  return Buffer.from(text.replace(what, by), "latin1");
}
