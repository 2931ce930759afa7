import type { RunFacts } from "../../../harness/trace/run-facts.ts";

/** Rules for proxies do not bind a back-to-back user agent, which answers and asks in its own name. */
export function proxiesOnly({ features }: RunFacts): true | string {
  return features.kind === "proxy" || "the target declares itself a back-to-back user agent";
}
