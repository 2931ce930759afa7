import { oncePer } from "../once-per.ts";
import { parseMessage } from "./parse-message.ts";
import type { NotSip, SipMessage } from "./sip-message.ts";

/** `parseMessage`, once for each piece of memory however many look at it: what is in it must not change any more. */
export const readMessage: (bytes: Uint8Array) => SipMessage | NotSip = oncePer(parseMessage);
