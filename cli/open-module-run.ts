import { liveClock } from "../harness/clock/clock.ts";
import type { ModuleTarget } from "../harness/targets/target-definition.ts";
import { startVirtualWorld } from "../mocks/virtual/virtual-world.ts";
import { resolveProfile } from "../scenarios/profiles/index.ts";
import { APP_ID, factsOfConfig } from "./facts-of-config.ts";
import type { OpenRun, RunOpening } from "./open-run.ts";
import { packageVersion } from "./package-version.ts";
import { passwordsOf } from "./passwords-of.ts";

/** Starts a client target that is a module, and the world around it, in virtual time. */
export async function openModuleRun(
  { config, directory, onClose }: Pick<RunOpening, "config" | "directory" | "onClose">,
  definition: ModuleTarget,
): Promise<Omit<OpenRun, "close">> {
  const { target } = config;
  const clock = liveClock();
  const { world, target: started } = await startVirtualWorld({
    definition,
    cases: config.suite.concurrency,
    facts: { ...factsOfConfig(config, clock), clock: "virtual" },
    judges: judgesModule().href,
    world: {
      directory,
      domain: target.sip.domain,
      transports: target.features.transports,
      media: target.media,
      profile: resolveProfile(target.profile),
      digest: target.features.digest,
      appId: APP_ID,
      harness: { name: "ringtrue", version: packageVersion },
    },
  });
  onClose(() => world.close());
  return { world, target: started, facts: world.runFacts, clock, secrets: passwordsOf(config) };
}

/** Threads run compiled code: from the sources' tests that of `dist`. */
function judgesModule(): URL {
  const isSource = import.meta.url.endsWith(".ts");
  return new URL(isSource ? "../dist/cli/judges.js" : "./judges.js", import.meta.url);
}
