import { fileURLToPath } from "node:url";
import { defineConfig, processTarget } from "ringtrue";

/** How long the app waits for an INVITE. Its own default is 20 s; short, so that nobody waits for a run. */
const inviteWaitMs = 3_500;

export default defineConfig({
  target: {
    name: "Python client",
    version: "1.0",
    role: "client",
    // Pointers, registration and correlation reach the program with `initialize`.
    profile: "rfc8599",
    features: {
      platforms: ["ios", "android"],
      transports: ["udp"],
      concurrentCalls: true,
      video: true,
      multipleDevices: true,
      digest: true,
    },
    start: processTarget({
      command: "python3",
      args: [fileURLToPath(new URL("main.py", import.meta.url)), "--invite-wait-ms", String(inviteWaitMs)],
    }),
    sip: { domain: "example.test" },
  },
  suite: { runs: 2, concurrency: 64 },
  os: { coldStartMs: 300 },
  deadlines: {
    appReactsMs: 2_000,
    ringStopAfterHangupMs: 1_200,
    inviteWaitMs: { min: inviteWaitMs - 1_000, max: inviteWaitMs + 2_500 },
  },
});
