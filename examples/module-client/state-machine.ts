import type { AppHost } from "ringtrue";
import { phones } from "./phones.ts";
import { plainSip } from "./plain-sip.ts";

/** The app with a SIP side that is a state machine of its own. */
export function createApp(host: AppHost): void {
  phones(host, ["udp", "tcp", "tls", "ws"], plainSip);
}
