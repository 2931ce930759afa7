import { startProxy } from "./proxy.ts";
import type { RunningServer, ServerOptions } from "./server-options.ts";

/**
 * Sends the INVITE to every known UDP contact at once, pushes too, and adds a branch for each phone that registers while the
 * call is alive: the older branch of that phone is cancelled first.
 */
export function startParallelProxy(options: ServerOptions): Promise<RunningServer> {
  return startProxy(options, "parallel");
}
