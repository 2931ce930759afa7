import type { RunFacts } from "../../../harness/trace/run-facts.ts";

/** The rules of FCM bind servers that push to Android phones. */
export function pushesToFcm(facts: RunFacts): true | string {
  return facts.features.platforms.includes("android") || "the target declares no android platform";
}
