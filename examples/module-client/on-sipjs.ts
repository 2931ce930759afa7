import type { AppHost } from "ringtrue";
import { phones } from "./phones.ts";
import { sipJs } from "./sipjs.ts";

/** The app with sip.js for its SIP side. */
export function createApp(host: AppHost): void {
  phones(host, ["tcp", "tls", "ws"], sipJs);
}
