import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HarnessFault, messageOf } from "../harness/errors.ts";

const open = new Set<string>();
let isWatched = false;

function removeAll(): void {
  for (const path of open) rmSync(path, { recursive: true, force: true });
}

/** A directory of mode 0700 for the keys and files of one run. It is gone when it is removed or the process exits, whichever is first. @throws HarnessFault */
export async function scratchDirectory(): Promise<{ readonly path: string; remove(): void }> {
  if (!isWatched) process.once("exit", removeAll);
  isWatched = true;
  const path = await mkdtemp(join(tmpdir(), "ringtrue-")).catch((error: unknown) => {
    const message = `No directory for the run's keys can be made in ${tmpdir()} (${messageOf(error)}). TMPDIR names another place.`;
    throw new HarnessFault("no-scratch-directory", message, { cause: error });
  });
  open.add(path);
  return {
    path,
    remove() {
      rmSync(path, { recursive: true, force: true });
      open.delete(path);
    },
  };
}
