import type { Clock } from "../harness/clock/clock.ts";
import type { QualifiedConfig } from "../harness/config/config.ts";
import type { World } from "../harness/run/world.ts";
import type { StartedTarget } from "../harness/targets/target-definition.ts";
import type { RunFacts } from "../harness/trace/run-facts.ts";
import { openClientRun } from "./open-client-run.ts";
import { openModuleRun } from "./open-module-run.ts";
import { openServerRun } from "./open-server-run.ts";
import { scratchDirectory } from "./scratch-directory.ts";

/** A world with its target in it, ready to be played. */
export interface OpenRun {
  readonly world: World & { worstEventLoopDelayMs(): number };
  readonly target: StartedTarget;
  readonly facts: RunFacts;
  readonly clock: Clock;
  /** What must not be found in anything that is published. */
  readonly secrets: readonly string[];
  /** Stops the target, closes the world if it is still open, and removes every key. Never throws. */
  close(): Promise<void>;
}

/** What opening a run of either role is given. */
export interface RunOpening {
  readonly config: QualifiedConfig;
  /** Private directory of the run. */
  readonly directory: string;
  readonly signal: AbortSignal;
  /** What the person who runs RingTrue has to do. */
  readonly say: (line: string) => void;
  /** What closing the run does, last first. */
  readonly onClose: (cleanUp: () => Promise<unknown>) => void;
}

/**
 * Starts the world and then the target of a config.
 *
 * @throws TargetError when the target does not become ready, UsageError when the config cannot be used.
 */
export async function openRun(
  config: QualifiedConfig,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<OpenRun> {
  const scratch = await scratchDirectory();
  const cleanUps: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp().catch(() => {});
    cleanUps.length = 0;
    scratch.remove();
  };
  const opening: RunOpening = {
    config,
    directory: scratch.path,
    signal,
    say,
    onClose: (cleanUp) => void cleanUps.push(cleanUp),
  };
  try {
    return { ...(await openTarget(opening)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openTarget(opening: RunOpening): Promise<Omit<OpenRun, "close">> {
  const { role, start } = opening.config.target;
  const [definition] = start;
  if (definition?.kind === "module") return await openModuleRun(opening, definition);
  return role === "client" ? await openClientRun(opening, definition!) : await openServerRun(opening);
}
