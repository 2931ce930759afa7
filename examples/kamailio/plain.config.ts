import { fileURLToPath } from "node:url";
import { defineConfig, processTarget } from "ringtrue";
import { findKamailio } from "./find-kamailio.ts";

/** How long the proxy holds an INVITE for a phone that was pushed. Short for a test; a real one would take some 20 s. */
const HOLD_MS = 4_000;

const kamailio = findKamailio();

export default defineConfig({
  target: {
    name: "Kamailio, plain recipe",
    version: kamailio.version,
    vendor: "The Kamailio SIP Server Project",
    role: "server",
    // The payload names the call and the number of the caller, nothing else.
    profile: { extends: "rfc8599", payload: { callUUID: undefined, callerName: undefined, video: undefined } },
    features: {
      platforms: ["ios"],
      transports: ["udp"],
      kind: "proxy",
      wake: "always",
      delivery: "hold",
      concurrentCalls: true,
    },
    start: processTarget({
      command: kamailio.command,
      args: (world) =>
        [
          ["-DD", "-E", "-f", fileURLToPath(new URL("plain.cfg", import.meta.url)), "-L", kamailio.modules],
          ["-m", "64", "-M", "8", "-w", world.directory, "-Y", world.directory],
          ["-l", `udp:127.0.0.1:${world.port("sip")}`],
        ].flat(),
      env: () => ({ HOLD_MS: String(HOLD_MS) }),
    }),
    sip: { address: (world) => `udp:127.0.0.1:${world.port("sip")}` },
  },
  // Hang-ups are left out: a CANCEL in the few milliseconds before the INVITE is in the table falls through, now and then.
  suite: {
    scenarios: ["push-before-invite", "invite-before-push", "delayed-delivery", "answer-before-connect"],
    runs: 0,
    concurrency: 16,
  },
  deadlines: {
    pushAfterInviteMs: 2_000,
    inviteAfterRegisterMs: 1_200,
    ringStopAfterHangupMs: 1_200,
    finalResponseMs: HOLD_MS + 3_000,
    absenceMs: 1_500,
    inviteWaitMs: { min: HOLD_MS - 500, max: 35_000 },
  },
  expectedFailures: [
    {
      requirement: "flow/invite-after-register",
      mismatch: "no-invite",
      reason:
        "one INVITE is held for each user: a second caller takes the place of the first, who never reaches the phone",
    },
    {
      requirement: "flow/logged-out-not-pushed",
      mismatch: "pushed-after-log-out",
      reason: "the token is kept by user and not with the binding, so a de-registration does not remove it",
    },
    {
      requirement: "flow/cancelled-call-is-final",
      mismatch: "no-final-response",
      reason:
        "without a token the INVITE goes to the address of the sleeping phone, and its caller cannot leave before that times out",
    },
    {
      requirement: "apns/connection-reuse",
      mismatch: "connection-per-push",
      reason: "http_client_query opens a connection for each request",
    },
  ],
});
