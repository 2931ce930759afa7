import { defineConfig, processTarget } from "ringtrue";
import { findKamailio } from "./find-kamailio.ts";
import { providerToken } from "./provider-token.ts";

/** How long the proxy holds an INVITE for a phone that was pushed. Short for a test; a real one would take some 20 s. */
const HOLD_MS = 4_000;

const kamailio = findKamailio();
const configFile = new URL("kamailio.cfg", import.meta.url).pathname;

export default defineConfig({
  target: {
    name: "Kamailio",
    version: kamailio.version,
    vendor: "The Kamailio SIP Server Project",
    role: "server",
    profile: "rfc8599",
    features: {
      platforms: ["ios"],
      transports: ["udp", "tcp"],
      kind: "proxy",
      wake: "when-disconnected",
      delivery: "hold",
      video: true,
      concurrentCalls: true,
    },
    start: processTarget({
      command: kamailio.command,
      args: (world) => [
        ...["-f", configFile, "-DD", "-E", "-L", kamailio.modules],
        ...["-m", "64", "-M", "8", "-w", world.directory, "-Y", world.directory],
        ...["-l", `udp:127.0.0.1:${world.port("sip")}`, "-l", `tcp:127.0.0.1:${world.port("sip")}`],
      ],
      env: (world) => ({ HOLD_MS: String(HOLD_MS), APNS_PROVIDER_TOKEN: providerToken(world) }),
    }),
    sip: { address: (world) => [`udp:127.0.0.1:${world.port("sip")}`, `tcp:127.0.0.1:${world.port("sip")}`] },
  },
  // Strict: the recommendations count as well, so that what Kamailio cannot do about them is said below.
  suite: { runs: 12, concurrency: 16, strict: true },
  deadlines: {
    pushAfterInviteMs: 3_000,
    inviteAfterRegisterMs: 1_200,
    ringStopAfterHangupMs: 1_200,
    finalResponseMs: HOLD_MS + 3_000,
    absenceMs: 1_500,
    inviteWaitMs: { min: HOLD_MS - 500, max: 35_000 },
  },
  expectedFailures: [
    {
      requirement: "apns/connection-reuse",
      mismatch: "connection-per-push",
      reason:
        "http_client_query of Kamailio's http_client opens a connection for each push; keep_connections is for http_connect, which sets no headers",
    },
  ],
});
