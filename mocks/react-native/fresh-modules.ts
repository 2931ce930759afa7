import { UsageError } from "../../harness/errors.ts";

const GRAPHS = Symbol.for("ringtrue.react-native.graphs");

/** What `ringtrue/react-native/register` leaves behind: tells its loader to begin another module graph. */
export interface ModuleGraphs {
  begin(): void;
}

export function installModuleGraphs(graphs: ModuleGraphs): void {
  (globalThis as Record<symbol, unknown>)[GRAPHS] = graphs;
}

/**
 * Makes the next import of the app evaluate its modules anew, so that a launch finds the memory of a new process. Under vitest that
 * is `vi.resetModules()`; in plain Node the loader of `ringtrue/react-native/register` does it.
 *
 * @throws UsageError `no-module-graphs` where neither is there.
 */
export async function freshModules(): Promise<void> {
  const graphs = (globalThis as Record<symbol, unknown>)[GRAPHS] as ModuleGraphs | undefined;
  if (graphs !== undefined) return graphs.begin();
  if (process.env["VITEST"] === undefined)
    throw new UsageError(
      "no-module-graphs",
      "A React Native app is run by vitest with the reactNative() plugin, or by node --import ringtrue/react-native/register.",
    );
  // Only there under vitest; the package does not depend on it.
  const name: string = "vitest";
  const { vi } = (await import(/* @vite-ignore */ name)) as { readonly vi: { resetModules(): unknown } };
  vi.resetModules();
}
