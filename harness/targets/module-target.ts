import type { ModuleTarget } from "./target-definition.ts";

/**
 * A client app in this process, played in virtual time: RingTrue's side and the app share worker threads in which nobody ever waits.
 *
 * @example moduleTarget({ module: new URL("./app.ts", import.meta.url) })
 */
export function moduleTarget(options: Omit<ModuleTarget, "kind">): ModuleTarget {
  return { kind: "module", ...options };
}
