import type { RunFacts } from "../../../harness/trace/run-facts.ts";

/** The rules of APNs bind servers that push to iPhones. */
export function pushesToApns(facts: RunFacts): true | string {
  return facts.features.platforms.includes("ios") || "the target declares no ios platform";
}
