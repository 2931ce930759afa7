import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plan } from "../../harness/plan/plan.ts";
import type { JudgedPlay } from "../../harness/run/judge-played.ts";
import type { Lease, World } from "../../harness/run/world.ts";
import type { ModuleTarget, StartedTarget, TargetExit } from "../../harness/targets/target-definition.ts";
import type { Trace } from "../../harness/trace/trace.ts";
import { mergedRunTrace } from "./merged-run-trace.ts";
import { type PlayedTrace, unpackTrace } from "./packed-trace.ts";
import type { WorkerStart } from "./worker-messages.ts";
import { startWorkerThread, type WorkerThread } from "./worker-thread.ts";

export interface VirtualWorldOptions extends Pick<WorkerStart, "facts"> {
  readonly definition: ModuleTarget;
  /** URL of a compiled module with `requirements` and `ownFaults`: the threads judge what they play. @default they only play */
  readonly judges?: string;
  /** What makes the world of each thread; `directory` is the private one of the run, and exists. */
  readonly world: WorkerStart["world"];
  /** Cases at once, at most: no more threads are started. */
  readonly cases: number;
  /** What the app writes or logs, line by line. @default kept for `output` alone */
  readonly onLine?: (line: string) => void;
  /** How long a thread may be silent while it has cases to play; a case takes milliseconds. @default 30000 */
  readonly hangMs?: number;
}

export interface VirtualWorld {
  readonly world: World & { worstEventLoopDelayMs(): number };
  readonly target: StartedTarget;
}

/** One case waits while another is played, so that no thread does. */
const CASES_PER_WORKER = 2;
const KEPT_LINES = 200;
const HANG_MS = 30_000;

/**
 * Starts threads, each with RingTrue's side and the app in it, on a virtual clock of its own: a `World` and a `StartedTarget` as live ones
 * are, in which nobody waits.
 *
 * @throws TargetError when the app cannot be loaded or driven; UsageError as `startClientWorld` does.
 */
export async function startVirtualWorld(options: VirtualWorldOptions): Promise<VirtualWorld> {
  const { definition } = options;
  const startedAt = performance.now();
  const count = Math.min(definition.workers ?? availableParallelism(), options.cases);
  const epochMs = Math.round(options.facts.epochMs);
  const lines: string[] = [];
  const listeners = new Set<(exit: TargetExit) => void>();
  /** Traces of the runs of threads that are gone. */
  const past: Trace[] = [];
  let closing: Promise<Trace> | undefined;
  let made = 0;

  async function startOne(): Promise<WorkerThread> {
    made += 1;
    const directory = join(options.world.directory, `thread-${made}`);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const thread: WorkerThread = await startWorkerThread({
      start: {
        module: moduleUrl(definition.module),
        export: definition.export ?? "createApp",
        epochMs,
        facts: options.facts,
        ...(options.judges === undefined ? {} : { judges: options.judges }),
        world: { ...options.world, directory },
      },
      onLine(line) {
        lines.push(line);
        if (lines.length > KEPT_LINES) lines.shift();
        options.onLine?.(line);
      },
      hangMs: options.hangMs ?? HANG_MS,
      onExit(exit) {
        for (const listener of listeners) listener(exit);
      },
    });
    return thread;
  }

  async function endOne(thread: WorkerThread): Promise<void> {
    const trace = await thread.close();
    if (trace !== undefined) past.push(trace);
  }

  let threads = await allOf(Array.from({ length: count }, startOne), endOne);
  const readyAfterMs = performance.now() - startedAt;
  const { worldFacts, runFacts, cases } = threads[0]!.ready;

  async function closeAll(): Promise<Trace> {
    await Promise.all(threads.map(endOne));
    return mergedRunTrace(runFacts, past);
  }

  async function play(plan: Plan, lease: Lease, signal: AbortSignal): Promise<Trace | JudgedPlay> {
    const traceOf = (played: PlayedTrace): Trace => ({
      schema: "ringtrue.trace/1",
      scope: "case",
      case: lease.caseId,
      facts: runFacts,
      plan,
      ...played,
    });
    const living = threads.filter(({ exited }) => exited === undefined);
    const [thread] = (living.length > 0 ? living : threads).toSorted((a, b) => a.busy - b.busy);
    const played = await thread?.play(plan, lease, signal);
    if (played === undefined) return traceOf(lost(thread?.exited));
    if (played.kind === "played") return traceOf(unpackTrace(played.trace));
    const { end, trace } = played;
    const verdicts = JSON.parse(played.verdicts) as JudgedPlay["verdicts"];
    return { end, verdicts, ...(trace === undefined ? {} : { trace: traceOf(unpackTrace(trace)) }) };
  }

  return {
    world: {
      facts: {
        ...worldFacts,
        directory: options.world.directory,
        file: (name) => join(options.world.directory, name),
        // Nothing is listened on.
        port: () => 0,
      },
      runFacts,
      capacity: { cases: Math.min(cases, CASES_PER_WORKER) * count },
      worstEventLoopDelayMs: () => 0,
      // Each thread has told its own world.
      attach: () => {},
      targetExited: () => {},
      play,
      close: () => (closing ??= closeAll()),
    },
    target: {
      name: options.facts.target.name,
      pid: undefined,
      get exited() {
        return threads.find(({ exited }) => exited !== undefined)?.exited;
      },
      readyAfterMs,
      output: () => lines,
      onExit(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      async restart() {
        const dead = threads.filter(({ exited }) => exited !== undefined);
        await Promise.all(dead.map(endOne));
        const fresh = await allOf(dead.map(startOne), endOne);
        threads = [...threads.filter((thread) => !dead.includes(thread)), ...fresh];
      },
      // The threads end with their worlds, which still have their traces to give.
      stop: async () => {},
    },
  };
}

/** Of a case whose thread is gone nothing is known but that. */
function lost(exit: TargetExit = { code: null, signal: null, why: "Its thread is gone." }): PlayedTrace {
  return {
    events: [
      { seq: 0, atMs: 0, lagMs: 0, from: "target", to: "harness", by: "target", kind: "target.exited", ...exit },
    ],
    end: { kind: "target-died", atMs: 0, how: exit.why ?? "" },
  };
}

/** All of them; when one does not come, those that did are ended. */
async function allOf<T>(starting: readonly Promise<T>[], end: (one: T) => Promise<void>): Promise<readonly T[]> {
  const settled = await Promise.allSettled(starting);
  const failed = settled.find((one) => one.status === "rejected");
  const there = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  if (failed === undefined) return there;
  await Promise.all(there.map(end));
  throw failed.reason;
}

function moduleUrl(module: string | URL): string {
  const text = String(module);
  return text.startsWith("file:") ? text : pathToFileURL(resolve(text)).href;
}
