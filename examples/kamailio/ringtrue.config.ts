import { fileURLToPath } from "node:url";
import { defineConfig, processTarget } from "ringtrue";
import { findKamailio } from "./find-kamailio.ts";

/** How long an INVITE is held for a phone that was pushed. Short, so that nobody waits for the phones that never wake. */
const HOLD_MS = 4_000;
/** `kamailio.cfg` gives up on a connection that is up and says nothing after 2 s, and pushes then. */
const SILENT_MS = 2_000;

const kamailio = findKamailio();

export default defineConfig({
  target: {
    name: "Kamailio",
    version: kamailio.version,
    vendor: "The Kamailio SIP Server Project",
    role: "server",
    // The payload is that of the profile: /callUUID /callId /handle /callerName /hasVideo.
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
      args: (world) =>
        [
          ["-DD", "-E", "-f", fileURLToPath(new URL("kamailio.cfg", import.meta.url)), "-L", kamailio.modules],
          ["-m", "64", "-M", "8", "-w", world.directory, "-Y", world.directory],
          ["-l", `udp:127.0.0.1:${world.port("sip")}`, "-l", `tcp:127.0.0.1:${world.port("sip")}`],
        ].flat(),
      env: () => ({ HOLD_MS: String(HOLD_MS) }),
    }),
    sip: { address: (world) => [`udp:127.0.0.1:${world.port("sip")}`, `tcp:127.0.0.1:${world.port("sip")}`] },
  },
  // Strict: what is only recommended counts as well.
  suite: { runs: 12, concurrency: 16, strict: true },
  deadlines: {
    // After SILENT_MS at the latest, and the time of one TLS handshake.
    pushAfterInviteMs: SILENT_MS + 1_000,
    // All of it happens in one process on this machine.
    inviteAfterRegisterMs: 1_200,
    ringStopAfterHangupMs: 1_200,
    finalResponseMs: SILENT_MS + HOLD_MS + 1_500,
    absenceMs: 1_500,
    // Kamailio's timers tick every 1/16 s, and end up to one tick early.
    inviteWaitMs: { min: HOLD_MS - 500, max: 35_000 },
  },
  expectedFailures: [
    {
      requirement: "apns/connection-reuse",
      mismatch: "connection-per-push",
      reason:
        "http_client_query, the function of http_client that sets the apns-* headers, opens a connection for each request",
    },
  ],
});
