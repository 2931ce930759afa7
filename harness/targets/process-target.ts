import type { ProcessTarget } from "./target-definition.ts";

/**
 * A target that RingTrue starts as a program, in a process group of its own.
 *
 * @example processTarget({ command: "acme-proxy", args: (world) => ["-c", world.file("proxy.conf")], ready: { log: "listening" } })
 */
export function processTarget(options: Omit<ProcessTarget, "kind">): ProcessTarget {
  return { kind: "process", ...options };
}
