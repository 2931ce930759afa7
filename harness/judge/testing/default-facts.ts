import type { AppFacts, Deadlines, Features, Media, Profile, Role, RunFacts } from "../../trace/run-facts.ts";

const rfc8599Profile: Profile = {
  id: "rfc8599",
  payload: {
    callUUID: "/callUUID",
    callId: "/callId",
    handle: "/handle",
    callerName: "/callerName",
    video: "/hasVideo",
  },
  correlation: { sip: "call-id" },
  registration: {
    contactParams: { "pn-provider": "<provider>", "pn-param": "<param>", "pn-prid": "<token>" },
  },
  cancelByPush: false,
  answerFulfil: "connected",
  tokenLifetime: "binding",
  limits: { apnsExpirationMaxS: 60, fcmTtlMaxS: 60 },
};

const holdingProxy: Features = {
  platforms: ["ios", "android"],
  transports: ["udp", "tcp"],
  kind: "proxy",
  wake: "when-disconnected",
  delivery: "hold",
  progress: "end-to-end",
  fallback: "none",
  video: true,
  multipleDevices: true,
  concurrentCalls: true,
  digest: false,
  pushRetry: false,
};

const documentedDeadlines: Deadlines = {
  appReactsMs: 5000,
  pushAfterInviteMs: 5000,
  inviteAfterRegisterMs: 2000,
  ringStopAfterHangupMs: 2000,
  finalResponseMs: 40_000,
  absenceMs: 1500,
  inviteWaitMs: { min: 13_000, max: 35_000 },
};

/** What a test changes of the default facts: whole features, deadlines and profile fields, one level deep. */
export interface FactsChange {
  /** @default "server" */
  readonly role?: Role;
  readonly features?: Partial<Features>;
  readonly deadlines?: Partial<Deadlines>;
  readonly profile?: Partial<Profile>;
  /** Client role only. */
  readonly app?: Partial<AppFacts>;
  readonly media?: Media;
}

const selfManagedApp: AppFacts = { name: "a test's app", version: "1", telecom: "self-managed", features: [] };

/**
 * Facts of a run against a holding proxy over UDP and TCP that speaks the rfc8599 profile, or, in the client role, against an app that
 * does; for tests of judges.
 */
export function testFacts(change: FactsChange = {}): RunFacts {
  const role = change.role ?? "server";
  return {
    role,
    target: { name: "a test's target", version: "1" },
    profile: { ...rfc8599Profile, ...change.profile },
    features: { ...holdingProxy, ...change.features },
    deadlines: { ...documentedDeadlines, ...change.deadlines },
    os: {},
    clock: "live",
    epochMs: Date.UTC(2026, 0, 1),
    apns: { topic: "test.example.app.voip", teamId: "TEAM123456", keyId: "KEY1234567" },
    fcm: { projectId: "test-project", packageName: "test.example.app" },
    sip: { addresses: ["udp:127.0.0.1:5060", "tcp:127.0.0.1:5060"], domain: "example.test" },
    ...(role === "client" ? { app: { ...selfManagedApp, ...change.app }, media: change.media ?? "rtp" } : {}),
  };
}
