import { madeFromWorld, textByName, texts } from "./made-from-world.ts";
import type { ProgramOptions } from "./program.ts";
import type { ProcessTarget, TargetContext } from "./target-definition.ts";
import { targetEnvironment } from "./target-environment.ts";
import { writeTargetFiles } from "./target-files.ts";

/**
 * How the program of a target is started in its world. Its files are written first: what it is called with may name them.
 *
 * @throws UsageError when a file name, or a function of the definition, cannot be used.
 */
export async function programOfTarget(definition: ProcessTarget, context: TargetContext): Promise<ProgramOptions> {
  const { world } = context;
  await writeTargetFiles(definition, world);
  return {
    command: definition.command,
    args: madeFromWorld(definition.args ?? [], world, "target.start.args", texts),
    env: {
      ...targetEnvironment(context),
      ...madeFromWorld(definition.env ?? {}, world, "target.start.env", textByName),
    },
    ...(definition.cwd === undefined ? {} : { cwd: definition.cwd }),
  };
}
