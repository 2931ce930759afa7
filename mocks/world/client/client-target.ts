import type { Clock } from "../../../harness/clock/clock.ts";
import { linkedAbort } from "../../../harness/clock/linked-abort.ts";
import { TargetError, UsageError } from "../../../harness/errors.ts";
import { programOfTarget } from "../../../harness/targets/program-of-target.ts";
import { startProgram, type Program } from "../../../harness/targets/program.ts";
import type {
  ProgramTarget,
  StartedTarget,
  TargetContext,
  TargetExit,
} from "../../../harness/targets/target-definition.ts";
import type { Link } from "../../device-link/link.ts";
import { startStdioLink } from "../../device-link/stdio-link.ts";
import { targetExit } from "./target-exit.ts";

/** The world as an adapter that comes to it sees it. */
export interface AdapterHost {
  /** Agrees with the adapter and lets it host every app from now on. @throws TargetError when it cannot be driven; the link is closed then. */
  openAdapter(link: Link): Promise<void>;
  /** The next adapter that connects by WebSocket; undefined when `signal` aborts first. */
  nextLink(signal: AbortSignal): Promise<Link | undefined>;
}

export interface ClientTargetOptions {
  readonly definition: ProgramTarget;
  readonly context: TargetContext;
  readonly host: AdapterHost;
  readonly clock: Clock;
  /** What the person who runs RingTrue has to do, in words: where to connect to. */
  readonly say: (line: string) => void;
  /** How long an adapter has to connect. @default 15000, and 120000 for one that somebody else starts */
  readonly connectMs?: number;
}

const CONNECT_MS = 15_000;
const REMOTE_CONNECT_MS = 120_000;

/** An adapter that is there: its link, and the program where RingTrue started one beside it. */
interface Present {
  readonly link: Link;
  readonly program?: Program;
}

/**
 * Starts the adapter of a client target, or waits for it, and opens it.
 *
 * @throws TargetError when it cannot be started, does not come, or cannot be driven, with its last lines of output.
 * @throws UsageError when the definition cannot be used.
 */
export async function startClientTarget(options: ClientTargetOptions, signal: AbortSignal): Promise<StartedTarget> {
  const { definition, context, host } = options;
  const listeners = new Set<(exit: TargetExit) => void>();
  let present: Present | undefined;
  let exited: TargetExit | undefined;
  let readyAfterMs = 0;

  const stop = async (): Promise<void> => {
    const leaving = present;
    present = undefined;
    await leaving?.link.close();
    await leaving?.program?.stop();
  };
  const start = async (): Promise<void> => {
    const startedAt = performance.now();
    exited = undefined;
    const arrived = await arrive(options, signal);
    present = arrived;
    const letGo = (): void => void arrived.link.close();
    signal.addEventListener("abort", letGo, { once: true });
    try {
      if (signal.aborted) letGo();
      await host.openAdapter(arrived.link);
    } catch (error) {
      await stop();
      throw signal.aborted ? interrupted(context) : withOutput(error, arrived.program);
    } finally {
      signal.removeEventListener("abort", letGo);
    }
    readyAfterMs = performance.now() - startedAt;
    void arrived.link.closed.then((end) => {
      // One that was asked to stop is no news.
      if (present !== arrived) return;
      exited = targetExit(end);
      for (const listener of listeners) listener(exited);
    });
  };

  await start();
  return {
    name: context.facts.target.name,
    get pid() {
      return present?.program?.pid ?? present?.link.pid;
    },
    get exited() {
      return exited;
    },
    get readyAfterMs() {
      return readyAfterMs;
    },
    output: () => present?.program?.output.lines ?? present?.link.log() ?? [],
    onExit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async restart() {
      if (definition.kind === "remote") options.say("The adapter is gone: start it again and let it connect.");
      await stop();
      await start();
    },
    stop,
  };
}

async function arrive(options: ClientTargetOptions, signal: AbortSignal): Promise<Present> {
  const { definition, context, clock, say } = options;
  if (definition.kind === "remote") {
    say(`Waiting for the adapter to connect to ${urlOf(context)}`);
    return { link: await connected(options, REMOTE_CONNECT_MS, signal) };
  }
  const program = await programOfTarget(definition, context);
  if (definition.link !== "websocket") return { link: await startStdioLink({ ...program, clock }) };
  const started = await startProgram(program);
  try {
    return { program: started, link: await connected(options, CONNECT_MS, signal, started) };
  } catch (error) {
    await started.stop();
    throw withOutput(error, started);
  }
}

/** The link of the adapter that connects, in time and before `program` (where there is one) ends. */
async function connected(
  { context, host, connectMs }: ClientTargetOptions,
  usualMs: number,
  signal: AbortSignal,
  program?: Program,
): Promise<Link> {
  const timeoutMs = connectMs ?? usualMs;
  const waiting = linkedAbort([signal], timeoutMs);
  let gone: TargetExit | undefined;
  void program?.ended.then((exit) => {
    gone = exit;
    waiting.abort();
  });
  const link = await host.nextLink(waiting.signal);
  waiting.release();
  if (link !== undefined) return link;
  if (signal.aborted) throw interrupted(context);
  const { name } = context.facts.target;
  if (gone !== undefined)
    throw new TargetError(
      "adapter-died",
      `The adapter of ${name} ended (${gone.signal ?? `exit code ${gone.code}`}) before it connected to the device link.`,
    );
  throw new TargetError(
    "adapter-not-connected",
    `No adapter of ${name} connected to the device link within ${timeoutMs} ms.`,
  );
}

function interrupted({ facts }: TargetContext): TargetError {
  return new TargetError(
    "target-aborted",
    `The start of the adapter of ${facts.target.name} was interrupted before it was ready.`,
  );
}

function urlOf({ world }: TargetContext): string {
  if (world.deviceLink === undefined)
    throw new UsageError(
      "no-device-link",
      "target.start.link is websocket, but there is no device link to connect to.",
    );
  return world.deviceLink.url;
}

function withOutput(error: unknown, program: Program | undefined): unknown {
  const lines = program?.output.lines.slice(-20) ?? [];
  if (!(error instanceof TargetError) || lines.length === 0) return error;
  const said = lines.map((line) => `  ${line}`).join("\n");
  return new TargetError(error.code, `${error.message} Its last output:\n${said}`, { cause: error });
}
