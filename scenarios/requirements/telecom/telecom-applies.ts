import type { RunFacts } from "../../../harness/trace/run-facts.ts";

/** The target runs on Android, with Telecom or without. */
export function onAndroid({ features }: RunFacts): true | string {
  return features.platforms.includes("android") || "the target declares no Android";
}

/** ... and tells Telecom of its calls. */
export function withTelecom(facts: RunFacts): true | string {
  const android = onAndroid(facts);
  if (android !== true) return android;
  return facts.app?.telecom !== "none" || "the app does not use Telecom";
}

/** ... by a ConnectionService: Core-Telecom destroys its connections itself. */
export function withConnectionService(facts: RunFacts): true | string {
  const telecom = withTelecom(facts);
  if (telecom !== true) return telecom;
  return facts.app?.telecom !== "core" || "the app uses Core-Telecom";
}
