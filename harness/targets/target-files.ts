import { mkdir, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, relative } from "node:path";
import { UsageError } from "../errors.ts";
import type { WorldFacts } from "../run/world.ts";
import { madeFromWorld, textByName } from "./made-from-world.ts";
import type { ProcessTarget } from "./target-definition.ts";

/**
 * Writes the files that a definition wants to find in the run's directory.
 *
 * @throws UsageError when a name leads out of it.
 */
export async function writeTargetFiles({ files: wanted = {} }: ProcessTarget, world: WorldFacts): Promise<void> {
  const files = madeFromWorld(wanted, world, "target.start.files", textByName);
  for (const [name, content] of Object.entries(files)) {
    const path = world.file(name);
    const inside = relative(world.directory, path);
    if (inside === "" || inside.startsWith("..") || isAbsolute(inside))
      throw new UsageError(
        "bad-file-name",
        `target.start.files: ${JSON.stringify(name)} lies outside the run's directory.`,
      );
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content, { mode: 0o600 });
  }
}
