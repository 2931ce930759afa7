import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory of mode 0700 for the keys and files of one run. It is gone when it is removed or the process exits, whichever is first. */
export async function scratchDirectory(): Promise<{ readonly path: string; remove(): void }> {
  const path = await mkdtemp(join(tmpdir(), "ringtrue-"));
  const remove = (): void => {
    process.off("exit", remove);
    rmSync(path, { recursive: true, force: true });
  };
  process.on("exit", remove);
  return { path, remove };
}
