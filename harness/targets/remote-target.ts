import type { RemoteTarget } from "./target-definition.ts";

/** A target that already runs somewhere: RingTrue only waits until it can be reached. */
export function remoteTarget(options: Omit<RemoteTarget, "kind"> = {}): RemoteTarget {
  return { kind: "remote", ...options };
}
