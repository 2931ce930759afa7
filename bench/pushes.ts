import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { scratchDirectory } from "../cli/scratch-directory.ts";
import { HarnessFault } from "../harness/errors.ts";
import type { Figures, PartContext } from "./figures.ts";
import { isH2loadInstalled, requestsPerSecond } from "./h2load.ts";
import { startPushServer, type PushServerProcess } from "./push-server-process.ts";
import type { PushSubjectName } from "./push-subjects.ts";

export interface PushFigures extends Figures {
  readonly meaning: string;
  /** `value` and `ratio` are those of the one with the lower ratio. */
  readonly services: Readonly<Record<string, ServiceFigures>>;
  readonly rounds: number;
  readonly pushesPerRound: number;
}

export interface ServiceFigures {
  readonly pushesPerSecond: number;
  /** Requests per second of a bare `node:http2` server that answers 200 with the same fields and body, and looks at nothing. */
  readonly barePerSecond: number;
  /** The same of one that answers an empty 200. FCM's answer has a body, which costs Node about as much as all the rules cost. */
  readonly emptyPerSecond: number;
  /** To the bare server: median of the rounds, in each of which all are measured one after the other. */
  readonly ratio: number;
  readonly ratioToEmpty: number;
  /** Processor time of a push, of the whole process: says the same as the rates do, also on a machine that is busy otherwise. */
  readonly cpuMicroseconds: number;
  readonly bareCpuMicroseconds: number;
  readonly emptyCpuMicroseconds: number;
}

/** The services as a run has them; `-mock`: as `ringtrue mock` and `ringtrue/mocks` have them, with a log. */
const SERVICES = ["apns", "fcm", "apns-mock", "fcm-mock"] as const satisfies readonly PushSubjectName[];
const MEANING =
  "Pushes that break no rule, each looked at by every rule and answered. ratio: to a bare node:http2 server that answers 200 " +
  "with the same fields and body to everything; 0.5 and more is what is wanted of apns and fcm. ratioToEmpty: to one that answers an " +
  "empty 200. The -mock ones keep a log as well. Each server in a process of its own, 8 connections of 32 streams, medians.";
const FULL = { rounds: 7, pushes: 30_000 };
const QUICK = { rounds: 3, pushes: 10_000 };

/**
 * Pushes per second of the simulated services, with every rule and finding on, beside bare `node:http2` servers: each in a
 * process of its own, driven by h2load with the same load, in turns. Takes a minute and a half, or twenty seconds when quick; null
 * without h2load.
 *
 * @throws HarnessFault when a push is refused or draws a finding, or without h2load where RINGTRUE_REQUIRE_ALL is 1
 */
export async function benchPushes(context: PartContext): Promise<PushFigures | null> {
  if (!hasH2load(context, "pushes")) return null;
  const { rounds, pushes } = context.isQuick ? QUICK : FULL;
  const services: Record<string, ServiceFigures> = {};
  for (const name of SERVICES) services[name] = await measured(name, rounds, pushes, context);
  const [slowest] = Object.values(services).toSorted((a, b) => a.ratio - b.ratio);
  if (slowest === undefined) throw new HarnessFault("bench-empty", "there is no service to measure");
  return {
    value: slowest.pushesPerSecond,
    unit: "pushes/s",
    ratio: slowest.ratio,
    meaning: MEANING,
    services,
    rounds,
    pushesPerRound: pushes,
  };
}

/** False, and says so, when there is no h2load. @throws HarnessFault where everything is required to run */
export function hasH2load({ say, missing }: PartContext, part: string): boolean {
  if (isH2loadInstalled()) return true;
  const why =
    "h2load is not installed: there is no command `h2load` (Debian and Ubuntu: apt-get install nghttp2-client)";
  if (process.env["RINGTRUE_REQUIRE_ALL"] === "1") throw new HarnessFault("no-h2load", why);
  missing(part, why);
  say(why);
  return false;
}

async function measured(
  name: PushSubjectName,
  rounds: number,
  pushes: number,
  { signal, say }: PartContext,
): Promise<ServiceFigures> {
  const scratch = await scratchDirectory();
  const servers = [await startPushServer(name, signal)];
  try {
    const [ours] = servers;
    if (ours?.push === undefined) throw new HarnessFault("bench-no-push", `no push for ${name}`);
    const { request, body, answer } = ours.push;
    const bare = await startPushServer("bare", signal, answer);
    servers.push(bare);
    const empty = await startPushServer("bare", signal);
    servers.push(empty);
    const bodyFile = join(scratch.path, "body.json");
    await writeFile(bodyFile, body);
    const round = async (server: PushServerProcess): Promise<Measure> => {
      const before = await server.look("as-it-is");
      const perSecond = await requestsPerSecond({ url: server.url, request, bodyFile, requests: pushes, signal });
      const after = await server.look("as-it-is");
      const missed = pushes - (after.pushes - before.pushes);
      if (missed !== 0) throw new HarnessFault("bench-pushes-lost", `${missed} of ${pushes} were not counted`);
      if (after.findings > 0) throw new HarnessFault("bench-findings", `${name} found fault with the pushes`);
      return { perSecond, cpu: (after.cpuMicroseconds - before.cpuMicroseconds) / pushes };
    };
    const seen: { readonly ours: Measure; readonly bare: Measure; readonly empty: Measure }[] = [];
    // The first round warms the code up.
    for (let left = rounds; left >= 0; left -= 1) {
      const measures = { empty: await round(empty), bare: await round(bare), ours: await round(ours) };
      if (left < rounds) seen.push(measures);
    }
    const figures = {
      pushesPerSecond: Math.round(median(seen.map((one) => one.ours.perSecond))),
      barePerSecond: Math.round(median(seen.map((one) => one.bare.perSecond))),
      emptyPerSecond: Math.round(median(seen.map((one) => one.empty.perSecond))),
      ratio: rounded(median(seen.map((one) => one.ours.perSecond / one.bare.perSecond))),
      ratioToEmpty: rounded(median(seen.map((one) => one.ours.perSecond / one.empty.perSecond))),
      cpuMicroseconds: Math.round(median(seen.map((one) => one.ours.cpu))),
      bareCpuMicroseconds: Math.round(median(seen.map((one) => one.bare.cpu))),
      emptyCpuMicroseconds: Math.round(median(seen.map((one) => one.empty.cpu))),
    };
    say(
      `${name}: ${figures.pushesPerSecond} pushes/s, ${figures.ratio} of bare node:http2 (${figures.barePerSecond}), ` +
        `${figures.ratioToEmpty} of one that answers empty (${figures.emptyPerSecond}); processor time ` +
        `${figures.cpuMicroseconds}, ${figures.bareCpuMicroseconds} and ${figures.emptyCpuMicroseconds} us each`,
    );
    return figures;
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    scratch.remove();
  }
}

interface Measure {
  readonly perSecond: number;
  /** Microseconds. */
  readonly cpu: number;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function rounded(ratio: number): number {
  return Math.round(ratio * 1000) / 1000;
}
