import { linkedAbort } from "../clock/linked-abort.ts";
import { TargetError, UsageError } from "../errors.ts";
import { madeFromWorld, readiness } from "./made-from-world.ts";
import { startProgram, type Program } from "./program.ts";
import { programOfTarget } from "./program-of-target.ts";
import type { ProgramTarget, Readiness, StartedTarget, TargetContext, TargetExit } from "./target-definition.ts";
import { describeReadiness, waitUntilReady } from "./wait-until-ready.ts";

const READY_TIMEOUT_MS = 15_000;

/**
 * Starts the definitions in order, each once the one before is ready. When one fails, those already started are stopped.
 *
 * @throws TargetError naming what was awaited, with the last lines of output.
 * @throws UsageError when an address or file name in a definition cannot be used.
 */
export async function startTarget(
  definitions: ProgramTarget | readonly ProgramTarget[],
  context: TargetContext,
  signal: AbortSignal,
): Promise<StartedTarget> {
  const list = "kind" in definitions ? [definitions] : definitions;
  const { name } = context.facts.target;
  const listeners = new Set<(exit: TargetExit) => void>();
  let programs: Program[] = [];
  let exited: TargetExit | undefined;
  let readyAfterMs = 0;

  const stop = async (): Promise<void> => {
    const ending = programs;
    programs = [];
    // Last started, first stopped: the later ones stand on the earlier ones.
    for (const program of ending.toReversed()) await program.stop();
  };
  const start = async (): Promise<void> => {
    const startedAt = performance.now();
    exited = undefined;
    try {
      for (const definition of list) {
        const program =
          definition.kind === "process" ? await startProgram(await programOfTarget(definition, context)) : undefined;
        if (program !== undefined) programs.push(program);
        await becomeReady(definition, program, context, signal);
      }
    } catch (error) {
      await stop();
      throw error;
    }
    readyAfterMs = performance.now() - startedAt;
    for (const program of programs) watch(program);
  };
  const watch = (program: Program): void => {
    void program.ended.then((exit) => {
      // One that was asked to stop has left the list; of several that go down together the first is the news.
      if (!programs.includes(program) || exited !== undefined) return;
      exited = exit;
      for (const listener of listeners) listener(exit);
    });
  };

  await start();
  return {
    name,
    get pid() {
      return programs[0]?.pid;
    },
    get exited() {
      return exited;
    },
    get readyAfterMs() {
      return readyAfterMs;
    },
    output: () => programs.flatMap((program) => program.output.lines),
    onExit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async restart() {
      await stop();
      await start();
    },
    stop,
  };
}

async function becomeReady(
  definition: ProgramTarget,
  program: Program | undefined,
  context: TargetContext,
  signal: AbortSignal,
): Promise<void> {
  const ready = readinessOf(definition, context);
  const timeoutMs = ready.timeoutMs ?? READY_TIMEOUT_MS;
  const waiting = linkedAbort([signal], timeoutMs);
  let gone: TargetExit | undefined;
  void program?.ended.then((how) => {
    gone = how;
    waiting.abort();
  });
  const isReady = await waitUntilReady(ready, program?.output, waiting.signal);
  waiting.release();
  // A program that ends at once may still have answered: whoever answered, it is not the one that was started.
  if (isReady && gone === undefined) return;
  const { name } = context.facts.target;
  const awaited = describeReadiness(ready);
  const output = lastLines(program);
  if (gone !== undefined)
    throw new TargetError(
      "target-exited",
      `The target ${name} ended (${describeExit(gone)}) before ${awaited}.${output}`,
    );
  if (signal.aborted)
    throw new TargetError("target-aborted", `The start of the target ${name} was interrupted before ${awaited}.`);
  throw new TargetError(
    "target-not-ready",
    `The target ${name} is not ready: no ${awaited.replace(/^an? /, "")} within ${timeoutMs} ms.${output}`,
  );
}

function readinessOf(definition: ProgramTarget, context: TargetContext): Readiness {
  if (definition.ready !== undefined)
    return madeFromWorld(definition.ready, context.world, "target.start.ready", readiness);
  const [address] = context.facts.sip.addresses;
  if (address === undefined)
    throw new UsageError(
      "nothing-to-await",
      "target.start.ready or target.sip.address must say when the target is ready.",
    );
  return { sip: address };
}

function describeExit({ code, signal }: TargetExit): string {
  return signal === null ? `exit code ${code}` : signal;
}

function lastLines(program: Program | undefined): string {
  if (program === undefined) return "";
  const lines = program.output.lines.slice(-20);
  return lines.length === 0
    ? " It wrote nothing."
    : ` Its last output:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
