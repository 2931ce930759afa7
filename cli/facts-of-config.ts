import type { Clock } from "../harness/clock/clock.ts";
import type { QualifiedConfig } from "../harness/config/config.ts";
import type { RunFacts } from "../harness/trace/run-facts.ts";
import { resolveProfile } from "../scenarios/profiles/index.ts";

/** Bundle id and package name of the app on the simulated phones. */
export const APP_ID = "test.ringtrue.phone";

/** What a config alone says of its run. */
export function factsOfConfig(
  { target, deadlines, os }: QualifiedConfig,
  { epochMs }: Pick<Clock, "epochMs">,
): Omit<RunFacts, "apns" | "fcm" | "sip"> {
  return {
    role: target.role,
    target: {
      name: target.name,
      version: target.version,
      ...(target.vendor === undefined ? {} : { vendor: target.vendor }),
    },
    profile: resolveProfile(target.profile),
    features: target.features,
    deadlines,
    os,
    clock: "live",
    epochMs,
  };
}
