import { fileURLToPath } from "node:url";
import { RingTrueError } from "../../harness/errors.ts";

/** Where RingTrue's code is, and in it what plays targets. */
const ours = fileURLToPath(new URL("../../", import.meta.url));
const targets = ["mocks/reference/", "examples/"].map((folder) => ours + folder);
const packages = `${ours}node_modules/`;

/** Whether RingTrue itself threw it, rather than an app in the same thread: whose code is on top of the stack, packages aside. */
export function isOwnError(error: unknown): boolean {
  if (error instanceof RingTrueError) return true;
  if (!(error instanceof Error)) return false;
  for (const line of (error.stack ?? "").split("\n")) {
    const file = /(?:file:\/\/|[( ])(\/[^():]+):\d+:\d+\)?$/.exec(line)?.[1];
    if (file === undefined || file.startsWith(packages)) continue;
    if (file.startsWith(ours)) return !targets.some((folder) => file.startsWith(folder));
    if (!file.includes("/node_modules/")) return false;
  }
  return false;
}
