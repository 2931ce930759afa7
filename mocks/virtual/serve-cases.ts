import type { MessagePort } from "node:worker_threads";
import { liveClock } from "../../harness/clock/clock.ts";
import type { SimulatedTime } from "../../harness/clock/simulated-time.ts";
import { messageOf, RingTrueError } from "../../harness/errors.ts";
import { evidenceKeeper } from "../../harness/run/evidence.ts";
import { judgePlayed, type Judges } from "../../harness/run/judge-played.ts";
import type { WorldFacts } from "../../harness/run/world.ts";
import type { App } from "../../harness/targets/module-app.ts";
import type { EventLoopLag } from "../../harness/trace/event-loop-lag.ts";
import type { Trace } from "../../harness/trace/trace.ts";
import { memoryWire } from "../sip/memory-wire.ts";
import { startClientWorld, type ClientWorld } from "../world/client/client-world.ts";
import { appHost } from "./app-host.ts";
import { isOwnError } from "./is-own-error.ts";
import { loadApp } from "./load-app.ts";
import { packTrace } from "./packed-trace.ts";
import { timersLeft } from "./timers-left.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./worker-messages.ts";

/** How long a message is on its way, as over a loopback: without it things would be at one instant that never are. */
const MESSAGE_MS = 1;
/** Nobody is ever late where nobody waits. */
const noLag: EventLoopLag = { currentMs: () => 0, worstMs: () => 0, close: () => {} };

/** Nothing leaves this thread, so TLS is a name here. */
const nobody = {
  certificate: { certPem: "", keyPem: "" },
  files: { caFile: "", certificateFile: "", keyFile: "" },
};

/**
 * Plays cases in this thread, one after the other: RingTrue's side and the app in one simulated time. Resolves when it listens.
 */
export async function serveCases(start: WorkerStart, time: SimulatedTime, port: MessagePort): Promise<void> {
  const tell = (message: FromWorker): void => port.postMessage(message);
  /** Of the case at hand, and of the next ones until it is used up. */
  let abort = new AbortController();
  let atHand: number | undefined;
  /** Cases that were aborted before their turn. */
  const aborted = new Set<number>();
  const later = (arrive: () => void): void => void setTimeout(arrive, MESSAGE_MS);
  const wire = memoryWire(later);
  const clock = liveClock();
  let app: App | undefined;
  let lastWork: Promise<void> = Promise.resolve();

  /** No trace that is the first of a run is not the first of its thread. */
  const keep = evidenceKeeper(false);
  let judges: Judges | undefined;
  let world: ClientWorld;
  try {
    if (start.judges !== undefined) judges = (await import(start.judges)) as Judges;
    world = await open();
  } catch (error) {
    tell(failure(error));
    return;
  }
  const left = timersLeft(time);
  // Functions do not cross to another thread.
  const worldFacts = JSON.parse(JSON.stringify(world.facts)) as Omit<WorldFacts, "file" | "port">;
  tell({ kind: "ready", runFacts: world.runFacts, worldFacts, cases: world.capacity.cases });

  async function open(): Promise<ClientWorld> {
    const opened = await startClientWorld({
      ...start.world,
      clock,
      bind: "127.0.0.1",
      ports: {},
      cases: Number.MAX_SAFE_INTEGER,
      acceptsLinks: false,
      listen: wire.listen,
      lag: noLag,
      identity: nobody,
      runFacts: (own) => ({ ...start.facts, ...own, clock: "virtual", epochMs: clock.epochMs }),
    });
    const createApp = await loadApp(start.module, start.export);
    const hosted = appHost({
      clock,
      wire,
      later,
      log: (line) => tell({ kind: "log", line }),
      onClose: () => app?.close?.(),
    });
    const died = (error: unknown): void => {
      if (isOwnError(error)) {
        tell({ kind: "failed", fault: "harness", code: "own-error", message: stackOf(error) });
        return;
      }
      hosted.die({ kind: "threw", error: messageOf(error) });
      tell({ kind: "died", exit: { code: null, signal: null, why: `It threw: ${stackOf(error)}` } });
    };
    process.on("uncaughtException", died);
    process.on("unhandledRejection", died);
    app = (await createApp(hosted.host)) ?? undefined;
    // Up to here there are files and keys to wait for, which take real time.
    await time.runUntil(opened.openAdapter(hosted.link));
    opened.attach({ name: start.facts.target.name });
    return opened;
  }

  async function play({ id, plan, lease }: ToWorker & { readonly kind: "play" }): Promise<void> {
    if (abort.signal.aborted) abort = new AbortController();
    if (aborted.delete(id)) abort.abort();
    atHand = id;
    try {
      const played = await time.runUntil(world.play(plan, lease, abort.signal));
      const isOver = played.end.kind === "finished";
      const events = isOver ? await left.after(played.events, played.end.atMs) : played.events;
      const trace: Trace = { ...played, events };
      if (judges === undefined) {
        const packed = packTrace(trace);
        port.postMessage({ kind: "played", id, trace: packed } satisfies FromWorker, [packed.bytes.buffer]);
        return;
      }
      const judged = judgePlayed(trace, judges);
      const { end, verdicts } = judged;
      // One that exercises nothing may be the first of its scenario, which is not known here.
      const isKept = lease.keepsTrace === true || keep({ scenario: lease.caseId, end, verdicts });
      const short: FromWorker = { kind: "judged", id, end, verdicts: JSON.stringify(verdicts) };
      if (!isKept) return tell(short);
      const packed = packTrace(judged.trace);
      port.postMessage({ ...short, trace: packed } satisfies FromWorker, [packed.bytes.buffer]);
    } catch (error) {
      tell({ ...failure(error), id });
    } finally {
      atHand = undefined;
    }
  }

  port.on("message", (message: ToWorker) => {
    switch (message.kind) {
      case "play":
        lastWork = lastWork.then(() => play(message));
        return;
      case "abort":
        if (message.id === atHand) abort.abort();
        else aborted.add(message.id);
        return;
      case "close":
        lastWork = lastWork.then(async () => {
          tell({ kind: "closed", trace: await time.runUntil(world.close()) });
        });
    }
  });
}

function failure(error: unknown): FromWorker & { readonly kind: "failed" } {
  const known = error instanceof RingTrueError ? error : undefined;
  return {
    kind: "failed",
    fault: known?.fault ?? "harness",
    code: known?.code ?? "worker-failed",
    message: known?.message ?? stackOf(error),
  };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
