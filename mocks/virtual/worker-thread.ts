import { Worker } from "node:worker_threads";
import { HarnessFault, TargetError, UsageError } from "../../harness/errors.ts";
import type { Plan } from "../../harness/plan/plan.ts";
import type { Lease } from "../../harness/run/world.ts";
import { outputTail } from "../../harness/targets/output-tail.ts";
import type { TargetExit } from "../../harness/targets/target-definition.ts";
import type { Trace } from "../../harness/trace/trace.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./worker-messages.ts";

/** What a thread hands over of a case. */
export type FromThread = FromWorker & { readonly kind: "played" | "judged" };

/** A thread with a world and an app of its own, seen from the main one. */
export interface WorkerThread {
  readonly ready: FromWorker & { readonly kind: "ready" };
  /** Cases it plays or has waiting. */
  readonly busy: number;
  /** How its app ended by itself. */
  readonly exited: TargetExit | undefined;
  /** Undefined: the thread had to be ended, and with it went what the case had seen. */
  play(plan: Plan, lease: Lease, signal: AbortSignal): Promise<FromThread | undefined>;
  /** The trace of its run; undefined when the thread is gone. */
  close(): Promise<Trace | undefined>;
}

export interface WorkerThreadOptions {
  readonly start: WorkerStart;
  readonly onLine: (line: string) => void;
  /** Its app ended by itself. Called once. */
  readonly onExit: (exit: TargetExit) => void;
  /** How long it may be silent while it has something to play: then it is ended. */
  readonly hangMs: number;
}

const START_MS = 30_000;
/** Nearly all that a case makes is garbage soon after. */
const YOUNG_MB = 128;

interface Playing {
  readonly settle: (played: FromThread | undefined) => void;
  readonly fail: (error: Error) => void;
}

/**
 * Starts a thread and in it a world and the app.
 *
 * @throws TargetError when the app cannot be loaded or driven; UsageError as the world says.
 */
export async function startWorkerThread({ start, onLine, onExit, hangMs }: WorkerThreadOptions): Promise<WorkerThread> {
  const worker = new Worker(workerFile(), {
    workerData: start,
    stdout: true,
    stderr: true,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const output = outputTail();
  output.onLine(onLine);
  for (const stream of ["stdout", "stderr"] as const)
    worker[stream].setEncoding("utf8").on("data", (chunk: string) => output.write(stream, chunk));
  const playing = new Map<number, Playing>();
  let lastId = 0;
  let exited: TargetExit | undefined;
  let isGone = false;
  let closed: (trace: Trace | undefined) => void = () => {};
  let watchdog: NodeJS.Timeout | undefined;
  let started: (message: FromWorker) => void = () => {};
  const first = new Promise<FromWorker>((resolve) => (started = resolve));

  worker.on("message", (message: FromWorker) => {
    watch();
    switch (message.kind) {
      case "ready":
        started(message);
        return;
      case "failed":
        started(message);
        failed(message);
        return;
      case "played":
      case "judged":
        playing.get(message.id)?.settle(message);
        return;
      case "died":
        exit(message.exit);
        return;
      case "log":
        onLine(message.line);
        return;
      case "closed":
        closed(message.trace);
    }
  });
  worker.on("error", (error) => gone(`It threw: ${error.stack ?? error.message}`));
  worker.on("exit", (code) => gone(`It ended its thread (exit code ${code}).`));

  function failed({ id, ...why }: FromWorker & { readonly kind: "failed" }): void {
    const some = id === undefined ? [...playing.values()] : [playing.get(id)];
    for (const one of some) one?.fail(errorOf(why));
  }

  function exit(how: TargetExit): void {
    if (exited !== undefined) return;
    exited = how;
    onExit(how);
  }

  function gone(why: string): void {
    if (isGone) return;
    isGone = true;
    clearTimeout(watchdog);
    const how: TargetExit = { code: null, signal: null, why };
    started({ kind: "failed", fault: "target", code: "module-ended", message: why });
    if (playing.size > 0) exit(how);
    for (const { settle } of playing.values()) settle(undefined);
    closed(undefined);
  }

  /** Something came from it, or it was given something to do. */
  function watch(): void {
    clearTimeout(watchdog);
    if (playing.size === 0) return;
    watchdog = setTimeout(() => {
      gone(`It kept its thread for ${hangMs / 1000} s.`);
      void worker.terminate();
    }, hangMs);
    watchdog.unref();
  }

  const give = (message: ToWorker): void => worker.postMessage(message, []);

  const giveUp = setTimeout(() => void worker.terminate(), START_MS);
  const ready = await first;
  clearTimeout(giveUp);
  if (ready.kind !== "ready") {
    await worker.terminate();
    throw ready.kind === "failed" ? errorOf(ready) : new HarnessFault("worker-failed", "A thread did not start.");
  }

  return {
    ready,
    get busy() {
      return playing.size;
    },
    get exited() {
      return exited;
    },
    async play(plan, lease, signal) {
      if (isGone) return undefined;
      const id = (lastId += 1);
      const abort = (): void => give({ kind: "abort", id });
      try {
        return await new Promise<FromThread | undefined>((settle, fail) => {
          playing.set(id, { settle, fail });
          watch();
          give({ kind: "play", id, plan, lease });
          if (signal.aborted) abort();
          signal.addEventListener("abort", abort, { once: true });
        });
      } finally {
        signal.removeEventListener("abort", abort);
        playing.delete(id);
        watch();
      }
    },
    async close() {
      const trace = isGone
        ? undefined
        : await new Promise<Trace | undefined>((resolve) => {
            closed = resolve;
            give({ kind: "close" });
            setTimeout(() => resolve(undefined), hangMs).unref();
          });
      isGone = true;
      clearTimeout(watchdog);
      await worker.terminate();
      return trace;
    },
  };
}

/** Threads run compiled code: from the sources' tests that of `dist`. */
function workerFile(): URL {
  const isSource = import.meta.url.endsWith(".ts");
  return new URL(isSource ? "../../dist/mocks/virtual/worker.js" : "./worker.js", import.meta.url);
}

function errorOf({ fault, code, message }: Omit<FromWorker & { readonly kind: "failed" }, "kind" | "id">): Error {
  if (fault === "user") return new UsageError(code, message);
  return fault === "target" ? new TargetError(code, message) : new HarnessFault(code, message);
}
