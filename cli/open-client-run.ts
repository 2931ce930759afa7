import { readFile } from "node:fs/promises";
import { liveClock } from "../harness/clock/clock.ts";
import type { ProgramTarget } from "../harness/targets/target-definition.ts";
import { startClientTarget } from "../mocks/world/client/client-target.ts";
import { startClientWorld } from "../mocks/world/client/client-world.ts";
import { resolveProfile } from "../scenarios/profiles/index.ts";
import { APP_ID, factsOfConfig } from "./facts-of-config.ts";
import { keyLines } from "./key-lines.ts";
import type { OpenRun, RunOpening } from "./open-run.ts";
import { packageVersion } from "./package-version.ts";
import { passwordsOf } from "./passwords-of.ts";

/** Starts everything around a client target, and its adapter. */
export async function openClientRun(opening: RunOpening, definition: ProgramTarget): Promise<Omit<OpenRun, "close">> {
  const { config, directory, signal, say, onClose } = opening;
  const { target, world: lab } = config;
  const clock = liveClock();
  const world = await startClientWorld({
    clock,
    directory,
    bind: lab.bind,
    ...(lab.advertise === undefined ? {} : { advertise: lab.advertise }),
    ports: lab.ports,
    domain: target.sip.domain,
    transports: target.features.transports,
    media: target.media,
    profile: resolveProfile(target.profile),
    digest: target.features.digest,
    appId: APP_ID,
    cases: config.suite.concurrency,
    acceptsLinks: definition.link === "websocket",
    harness: { name: "ringtrue", version: packageVersion },
    runFacts: (facts) => ({ ...factsOfConfig(config, clock), ...facts }),
  });
  onClose(() => world.close());
  const started = await startClientTarget(
    {
      definition,
      context: { world: world.facts, facts: world.runFacts },
      host: world,
      clock,
      say,
    },
    signal,
  );
  onClose(() => started.stop());
  return {
    world,
    target: started,
    facts: world.runFacts,
    clock,
    secrets: [...keyLines(await readFile(world.facts.tls.keyFile, "utf8")), ...passwordsOf(config)],
  };
}
