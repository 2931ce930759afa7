import type { StartedTarget } from "../targets/target-definition.ts";
import type { RunEvent } from "./run-event.ts";
import type { World } from "./world.ts";

/** Keeps the target under the cases: tells the world when it goes, and starts it afresh before the next case. */
export interface TargetKeeper {
  readonly isGone: () => boolean;
  /** @throws TargetError when it does not become ready again. */
  ensureAlive(): Promise<void>;
  /** Stops listening. */
  release(): void;
}

export function targetKeeper(world: World, target: StartedTarget, onEvent: (event: RunEvent) => void): TargetKeeper {
  const release = target.onExit((exit) => {
    world.targetExited(exit);
    onEvent({ kind: "target-exited", ...exit });
  });
  world.attach(target);
  return {
    isGone: () => target.exited !== undefined,
    async ensureAlive() {
      if (target.exited === undefined) return;
      await target.restart();
      world.attach(target);
      onEvent({ kind: "target-restarted" });
    },
    release,
  };
}
