import { join } from "node:path";
import type { RunFacts } from "../../trace/run-facts.ts";
import type { WorldFacts } from "../world.ts";

/** Facts of a run for tests that do not care about them. */
export const testFacts: RunFacts = {
  role: "server",
  target: { name: "test target", version: "1" },
  profile: {
    id: "rfc8599",
    payload: {},
    correlation: { sip: "call-id" },
    registration: {},
    cancelByPush: false,
    answerFulfil: "connected",
    tokenLifetime: "binding",
    limits: { apnsExpirationMaxS: 60, fcmTtlMaxS: 60 },
  },
  features: {
    platforms: ["ios"],
    transports: ["udp"],
    kind: "proxy",
    wake: "always",
    delivery: "hold",
    progress: "end-to-end",
    fallback: "none",
    video: false,
    multipleDevices: false,
    concurrentCalls: false,
    digest: false,
    pushRetry: false,
  },
  deadlines: {
    appReactsMs: 5000,
    pushAfterInviteMs: 5000,
    inviteAfterRegisterMs: 2000,
    ringStopAfterHangupMs: 2000,
    finalResponseMs: 40_000,
    absenceMs: 1500,
    inviteWaitMs: { min: 13_000, max: 35_000 },
  },
  os: {},
  clock: "live",
  epochMs: Date.parse("2026-11-20T12:00:00Z"),
  apns: { topic: "test.example.app.voip", teamId: "TEAMID0001", keyId: "KEYID00001" },
  fcm: { projectId: "test-project", packageName: "test.example.app" },
  sip: { addresses: ["udp:127.0.0.1:5060"], domain: "example.test" },
};

/** The world's facts of a test, with this scratch directory. */
export function testWorldFacts(directory: string): WorldFacts {
  return {
    apns: {
      url: "https://127.0.0.1:1",
      host: "127.0.0.1",
      port: 1,
      teamId: testFacts.apns.teamId,
      keyId: testFacts.apns.keyId,
      keyFile: join(directory, "apns.p8"),
      topic: testFacts.apns.topic,
      clientCertificateFile: join(directory, "client.pem"),
      clientKeyFile: join(directory, "client.key"),
    },
    fcm: {
      url: "https://127.0.0.1:2",
      host: "127.0.0.1",
      port: 2,
      projectId: testFacts.fcm.projectId,
      serviceAccountFile: join(directory, "service-account.json"),
      oauthUrl: "https://127.0.0.1:2/token",
    },
    tls: {
      caFile: join(directory, "ca.pem"),
      certificateFile: join(directory, "server.pem"),
      keyFile: join(directory, "server.key"),
    },
    sip: { domain: "example.test" },
    directory,
    file: (name) => join(directory, name),
    port: (name) => 20_000 + name.length,
  };
}
