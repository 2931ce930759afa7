import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { scratchDirectory } from "../cli/scratch-directory.ts";
import { HarnessFault } from "../harness/errors.ts";
import type { Figures, PartContext } from "./figures.ts";
import { requestsPerSecond } from "./h2load.ts";
import { startPushServer, type PushServerLook } from "./push-server-process.ts";
import type { PushSubjectName } from "./push-subjects.ts";
import { hasH2load } from "./pushes.ts";

export interface MemoryFigures extends Figures {
  readonly meaning: string;
  /** Nothing grew by more than 5 % over the last half of the pushes. */
  readonly isFlat: boolean;
  readonly pushes: number;
  readonly services: Readonly<Record<string, MemoryOfService>>;
}

export interface MemoryOfService {
  /** Over the last half of the pushes: mean of its later samples over that of its earlier ones. */
  readonly heapGrowth: number;
  readonly rssGrowth: number;
  /** Megabytes after every twentieth of the pushes. */
  readonly heapMb: readonly number[];
  readonly rssMb: readonly number[];
}

const SERVICES = ["apns", "fcm", "apns-mock", "fcm-mock"] as const satisfies readonly PushSubjectName[];
const MEANING =
  "heapMb and rssMb: used heap (with what belongs to it outside) and resident memory after each twentieth of the pushes, garbage " +
  "collected. Growth: mean of the last quarter over that of the quarter before; above 1.05 it is not flat, and the exit code is 1.";
const PUSHES = 1_000_000;
const QUICK_PUSHES = 100_000;
const SAMPLES = 20;
const FLAT = 1.05;

/**
 * Memory of the simulated services, each in a process of its own, over 1,000,000 pushes (100,000 when quick): resident, and in
 * use once garbage is collected. Every twentieth comes on connections of its own. `value` and `ratio` are the largest growth.
 * Not flat is a failure. Takes five minutes, or half a minute when quick; null without h2load.
 */
export async function benchMemory(context: PartContext): Promise<MemoryFigures | null> {
  if (!hasH2load(context, "memory")) return null;
  const pushes = context.pushes ?? (context.isQuick ? QUICK_PUSHES : PUSHES);
  const services: Record<string, MemoryOfService> = {};
  for (const name of SERVICES) services[name] = await memoryOf(name, Math.ceil(pushes / SAMPLES), context);
  const growing = Object.entries(services).filter(([, one]) => Math.max(one.heapGrowth, one.rssGrowth) > FLAT);
  const largest = Math.max(...Object.values(services).flatMap((one) => [one.heapGrowth, one.rssGrowth]));
  return {
    value: largest,
    unit: "of what it was, over the last half of the pushes",
    ratio: largest,
    meaning: MEANING,
    isFlat: growing.length === 0,
    pushes,
    services,
    ...(growing.length === 0
      ? {}
      : { failed: `not flat over ${pushes} pushes: ${growing.map(([name]) => name).join(", ")}` }),
  };
}

async function memoryOf(name: PushSubjectName, pushes: number, { signal, say }: PartContext): Promise<MemoryOfService> {
  const scratch = await scratchDirectory();
  const server = await startPushServer(name, signal);
  try {
    const { url, push } = server;
    if (push === undefined) throw new HarnessFault("bench-no-push", `no push for ${name}`);
    const { request } = push;
    const bodyFile = join(scratch.path, "body.json");
    await writeFile(bodyFile, push.body);
    const looks: PushServerLook[] = [];
    while (looks.length < SAMPLES) {
      await requestsPerSecond({ url, request, bodyFile, requests: pushes, signal });
      looks.push(await server.look("collected"));
    }
    const [heap, rss] = [looks.map(({ heapBytes }) => heapBytes), looks.map(({ rssBytes }) => rssBytes)];
    const figures = { heapGrowth: growthOf(heap), rssGrowth: growthOf(rss), heapMb: heap.map(mb), rssMb: rss.map(mb) };
    const at = (list: readonly number[]): string => `${list[0]} .. ${list[SAMPLES / 2]} .. ${list.at(-1)} MB`;
    say(
      `${name}, ${pushes * SAMPLES} pushes: heap ${at(figures.heapMb)}, resident ${at(figures.rssMb)}; ` +
        `last half ${percent(figures.heapGrowth)}, ${percent(figures.rssGrowth)}`,
    );
    return figures;
  } finally {
    await server.stop();
    scratch.remove();
  }
}

/** Of the last half: the mean of its later samples over that of its earlier ones. */
function growthOf(samples: readonly number[]): number {
  const half = samples.slice(samples.length / 2);
  const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;
  return Math.round((mean(half.slice(half.length / 2)) / mean(half.slice(0, half.length / 2))) * 1000) / 1000;
}

function mb(bytes: number): number {
  return Math.round(bytes / 2 ** 16) / 16;
}

function percent(growth: number): string {
  return `${growth < 1 ? "" : "+"}${Math.round((growth - 1) * 1000) / 10} %`;
}
