import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { liveClock } from "../../../../harness/clock/clock.ts";
import { testFacts } from "../../../../harness/judge/testing/default-facts.ts";
import type { Phone, Plan, Step } from "../../../../harness/plan/plan.ts";
import type { Features } from "../../../../harness/trace/run-facts.ts";
import type { Trace } from "../../../../harness/trace/trace.ts";
import type { EventKind, EventOf, Transport } from "../../../../harness/trace/trace-event.ts";
import { startClientWorld, type ClientWorld, type ClientWorldOptions } from "../client-world.ts";
import { testApp, type TestApp, type TestAppOptions } from "./test-app.ts";

/** Times short enough for a test, of the app as of the phones. */
const deadlines = {
  appReactsMs: 600,
  ringStopAfterHangupMs: 600,
  absenceMs: 600,
  inviteWaitMs: { min: 200, max: 600 },
};
const os = { coldStartMs: 20, audioActivationMs: 10 };

export interface ClientBench {
  readonly world: ClientWorld;
  readonly app: TestApp;
  play(plan: Plan, signal?: AbortSignal): Promise<Trace>;
}

/** A world with the test app in it, closed when the test is over. */
export async function clientBench(
  { onTestFinished }: Pick<TestContext, "onTestFinished">,
  options: TestAppOptions = {},
  changes: Partial<ClientWorldOptions> & {
    readonly features?: Partial<Features>;
    /** @default short ones */
    readonly appReactsMs?: number;
  } = {},
): Promise<ClientBench> {
  const { features, appReactsMs = deadlines.appReactsMs, ...rest } = changes;
  const clock = liveClock();
  const directory = await mkdtemp(join(tmpdir(), "ringtrue-client-"));
  const digest = features?.digest ?? false;
  const world = await startClientWorld({
    clock,
    directory,
    bind: "127.0.0.1",
    ports: {},
    domain: "example.test",
    transports: ["udp", "tcp"],
    media: "rtp",
    profile: testFacts().profile,
    digest,
    appId: "test.ringtrue.phone",
    cases: 32,
    harness: { name: "ringtrue", version: "test" },
    acceptsLinks: false,
    runFacts: (own) => ({
      ...testFacts({ role: "client", deadlines: { ...deadlines, appReactsMs }, features: { ...features, digest } }),
      os,
      epochMs: clock.epochMs,
      ...own,
    }),
    ...rest,
  });
  onTestFinished(async () => {
    await world.close();
    await rm(directory, { recursive: true, force: true });
  });
  const app = testApp(options);
  await world.openAdapter(app.link);
  let played = 0;
  return {
    world,
    app,
    play: (plan, signal = new AbortController().signal) => {
      const caseId = `test-${(played += 1)}`;
      return world.play(plan, { caseId, attempt: 1, nonce: `n${played}` }, signal);
    },
  };
}

/** One phone, one call, and these steps. */
export function clientPlan(
  phone: Partial<Phone>,
  steps: readonly Step[],
  { transport = "udp", phones = 1 }: { readonly transport?: Transport; readonly phones?: number } = {},
): Plan {
  const signalling = {
    foreground: "connected",
    background: "connected",
    suspended: "silent",
    killed: "closed",
  } as const;
  const app = phone.app ?? "background";
  return {
    scenario: "test",
    role: "client",
    transport,
    phones: Array.from({ length: phones }, (_, index) => ({
      platform: "ios",
      account: index + 1,
      signalling: signalling[app],
      pushes: [],
      ...phone,
      app,
    })),
    calls: Array.from({ length: phones }, (_, index) => ({
      caller: { name: "Alice Liddell", number: "+15550100" },
      callee: index + 1,
      video: false,
    })),
    steps,
  };
}

/** The kinds of a trace's events, with what tells them apart. */
export function kindsOf(trace: Trace, ...kinds: readonly EventKind[]): readonly string[] {
  return trace.events.map(({ kind }) => kind).filter((kind) => kinds.includes(kind));
}

export function eventsIn<K extends EventKind>(trace: Trace, kind: K): readonly EventOf<K>[] {
  return trace.events.filter((event): event is EventOf<K> => event.kind === kind);
}
