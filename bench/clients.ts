import { fileURLToPath } from "node:url";
import { embeddedClient } from "../cli/embedded-client.ts";
import { openRun, type OpenRun } from "../cli/open-run.ts";
import type { QualifiedConfig } from "../harness/config/config.ts";
import { pool } from "../harness/run/pool.ts";
import { surveyCases, type SurveyCase } from "../harness/run/survey-cases.ts";
import { moduleTarget } from "../harness/targets/module-target.ts";
import { processTarget } from "../harness/targets/process-target.ts";
import type { TargetDefinition } from "../harness/targets/target-definition.ts";
import type { Transport } from "../harness/trace/trace-event.ts";
import { scenarios } from "../scenarios/catalogue.ts";
import { type Figures, type PartContext, ratioOf } from "./figures.ts";
import { judgingPlayer } from "./judging-player.ts";

export interface ClientsFigures extends Figures {
  readonly meaning: string;
  /** `value` and `ratio` are those of the first. */
  readonly clients: Readonly<Record<string, OneClientFigures>>;
}

export interface OneClientFigures {
  /** Played and judged, per second. */
  readonly casesPerSecond: number;
  /** Processor time of a case, of all threads: says the same as the rate does, also on a machine that is busy otherwise. */
  readonly cpuMilliseconds: number;
  readonly liveCasesPerSecond: number;
  readonly ratio: number;
  readonly cases: number;
  /** Simulated seconds that passed in a case, of those before the measurement whose trace was kept as evidence. */
  readonly simulatedSeconds: number;
  /** Cases in which a requirement failed, although the client conforms. */
  readonly failedCases: number;
  readonly harnessFaults: number;
}

const MEANING =
  "Cases of client targets in virtual time, two worker threads, played and judged, once warm, beside the same plans in real time, 32 at once. " +
  "1000 cases/s of the state machine and 150 cases/s of the one on sip.js are what is wanted on two idle cores.";
interface Client {
  readonly name: string;
  readonly file: string;
  readonly transport: Transport;
  /** Cases before it is measured: code that is run as seldom as this is compiled better and better over thousands of them. */
  readonly warmUp: number;
}
const CLIENTS: readonly Client[] = [
  { name: "state-machine", file: "state-machine.ts", transport: "udp", warmUp: 12_000 },
  { name: "sip.js", file: "on-sipjs.ts", transport: "ws", warmUp: 2000 },
];
const WORKERS = 2;
const LIVE_AT_A_TIME = 32;
const FULL = { seconds: 10, live: 96 };
const QUICK = { seconds: 2, live: 32, warmUp: 400 };
const PLANS = 400;
const SEED = 20_260_101;
const LINK_ADAPTER = fileURLToPath(new URL("./live-module.js", import.meta.url));

/** Cases per second of client targets in virtual time. Takes two minutes, or half a one when quick. */
export async function benchClients(context: PartContext): Promise<ClientsFigures> {
  const clients: Record<string, OneClientFigures> = {};
  for (const client of CLIENTS) clients[client.name] = await measured(client, context);
  const first = clients[CLIENTS[0]!.name]!;
  return { value: first.casesPerSecond, unit: "cases/s", ratio: first.ratio, meaning: MEANING, clients };
}

async function measured(client: Client, { isQuick, signal, say }: PartContext): Promise<OneClientFigures> {
  const { name, transport } = client;
  const module = new URL(`../../examples/module-client/${client.file}`, import.meta.url);
  const { warmUp, seconds, live } = isQuick ? QUICK : { ...FULL, warmUp: client.warmUp };
  say(`${name}: in virtual time`);
  const fast = await stand(moduleTarget({ module, workers: WORKERS }), transport, signal, say);
  const plans = plansFor(fast.run);
  try {
    const { traces, simulatedMs } = await fast.play({ plans, signal, until: (played) => played >= warmUp });
    const cpuBefore = process.cpuUsage();
    const startMs = performance.now();
    const { cases, failedCases, harnessFaults } = await fast.play({
      plans,
      signal,
      until: () => performance.now() - startMs > seconds * 1000,
    });
    const perSecond = cases / ((performance.now() - startMs) / 1000);
    const { user, system } = process.cpuUsage(cpuBefore);
    say(`${name}: in real time`);
    const livePerSecond = await liveRate(module, transport, plans.slice(0, live), signal, say);
    const figures: OneClientFigures = {
      casesPerSecond: Math.round(perSecond),
      cpuMilliseconds: Math.round((user + system) / cases) / 1000,
      liveCasesPerSecond: Math.round(livePerSecond * 1000) / 1000,
      ratio: ratioOf(perSecond, livePerSecond) ?? 0,
      cases,
      simulatedSeconds: Math.round(simulatedMs / traces) / 1000,
      failedCases,
      harnessFaults,
    };
    say(
      `${name}: ${figures.casesPerSecond} cases/s, ${figures.cpuMilliseconds} ms of processor time each, ` +
        `${Math.round(figures.ratio)} times the ${figures.liveCasesPerSecond} cases/s in real time`,
    );
    return figures;
  } finally {
    await fast.run.close();
  }
}

async function liveRate(
  module: URL,
  transport: Transport,
  plans: readonly SurveyCase[],
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<number> {
  const start = processTarget({ command: process.execPath, args: [LINK_ADAPTER, module.href] });
  const slow = await stand(start, transport, signal, say);
  try {
    const startMs = performance.now();
    await slow.play({ plans, signal, until: (played) => played >= plans.length, atOnce: LIVE_AT_A_TIME });
    return plans.length / ((performance.now() - startMs) / 1000);
  } finally {
    await slow.run.close();
  }
}

function plansFor({ facts }: OpenRun): readonly SurveyCase[] {
  const forClients = scenarios.filter(({ roles, byName }) => roles.includes("client") && byName !== true);
  return surveyCases(forClients, facts, { runs: Math.ceil(PLANS / forClients.length), seed: SEED });
}

interface Playing {
  readonly plans: readonly SurveyCase[];
  readonly signal: AbortSignal;
  /** Whether enough cases were begun. */
  readonly until: (begun: number) => boolean;
  /** @default as many as the world has room for */
  readonly atOnce?: number;
}

interface Stand {
  readonly run: OpenRun;
  /** Plays the plans, again from the first after the last. */
  play(playing: Playing): Promise<{
    readonly cases: number;
    readonly failedCases: number;
    readonly harnessFaults: number;
    /** Those that were kept, and how much simulated time is in them. */
    readonly traces: number;
    readonly simulatedMs: number;
  }>;
}

async function stand(
  start: TargetDefinition,
  transport: Transport,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Stand> {
  const run = await openRun(configOf(start, transport), signal, say);
  run.world.attach(run.target);
  const player = judgingPlayer(run);
  return {
    run,
    async play({ plans, signal: stop, until, atOnce = run.world.capacity.cases }) {
      const tally = { cases: 0, failedCases: 0, harnessFaults: 0, traces: 0, simulatedMs: 0 };
      let begun = 0;
      const next = (): SurveyCase | undefined =>
        stop.aborted || until(begun) ? undefined : plans[begun++ % plans.length];
      await pool(atOnce, next, async ({ id, surveyed }) => {
        const { end, trace, verdicts } = await player.play(id, surveyed.value, stop);
        tally.cases += 1;
        if (trace !== undefined) {
          tally.traces += 1;
          tally.simulatedMs += end.atMs - (trace.events[0]?.atMs ?? end.atMs);
        }
        if (end.kind === "harness-fault") tally.harnessFaults += 1;
        if (Object.values(verdicts).some(({ kind }) => kind === "fail")) tally.failedCases += 1;
      });
      stop.throwIfAborted();
      return tally;
    },
  };
}

/** One phone with one call at a time, as the five families have it, and no digest: what a case costs, not what an app can do. */
function configOf(start: TargetDefinition, transport: Transport): QualifiedConfig {
  const { target, suite, ...config } = embeddedClient("connected");
  const { features } = target;
  return {
    ...config,
    deadlines: { ...config.deadlines, inviteWaitMs: { min: 13_000, max: 35_000 } },
    suite: { ...suite, concurrency: LIVE_AT_A_TIME },
    target: {
      ...target,
      start: [start],
      features: {
        ...features,
        platforms: ["ios"],
        transports: [transport],
        video: false,
        concurrentCalls: false,
        digest: false,
      },
    },
  };
}
