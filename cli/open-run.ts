import { readFile } from "node:fs/promises";
import type { QualifiedConfig } from "../harness/config/config.ts";
import { liveClock, type Clock } from "../harness/clock/clock.ts";
import { UsageError } from "../harness/errors.ts";
import type { World, WorldFacts } from "../harness/run/world.ts";
import { madeFromWorld, texts } from "../harness/targets/made-from-world.ts";
import { parseSipAddress } from "../harness/targets/socket-address.ts";
import type { StartedTarget } from "../harness/targets/target-definition.ts";
import { startTarget } from "../harness/targets/start-target.ts";
import type { RunFacts } from "../harness/trace/run-facts.ts";
import type { Transport } from "../harness/trace/trace-event.ts";
import { startServerWorld } from "../mocks/world/server-world.ts";
import { resolveProfile } from "../scenarios/profiles/index.ts";
import { scratchDirectory } from "./scratch-directory.ts";

/** A world with its target in it, ready to be played. */
export interface OpenRun {
  readonly world: World & { worstEventLoopDelayMs(): number };
  readonly target: StartedTarget;
  readonly facts: RunFacts;
  readonly clock: Clock;
  /** What must not be found in anything that is published. */
  readonly secrets: readonly string[];
  /** Stops the target, closes the world if it is still open, and removes every key. Never throws. */
  close(): Promise<void>;
}

/** Bundle id and package name of the app on the simulated phones. */
const APP_ID = "test.ringtrue.phone";

/**
 * Starts the world and then the target of a config.
 *
 * @throws TargetError when the target does not become ready, UsageError when the config cannot be used.
 */
export async function openRun(config: QualifiedConfig, signal: AbortSignal): Promise<OpenRun> {
  const clock = liveClock();
  const profile = resolveProfile(config.target.profile);
  const scratch = await scratchDirectory();
  const { target, world: lab } = config;
  const cleanUps: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp().catch(() => {});
    cleanUps.length = 0;
    scratch.remove();
  };
  try {
    const world = await startServerWorld({
      clock,
      directory: scratch.path,
      bind: lab.bind,
      ...(lab.advertise === undefined ? {} : { advertise: lab.advertise }),
      ports: lab.ports,
      domain: target.sip.domain,
      sipAccess: { tls: target.sip.tls, wsPath: target.sip.wsPath },
      appId: APP_ID,
      limits: profile.limits,
      cases: config.suite.concurrency,
      runFacts: (facts) => ({
        role: target.role,
        target: {
          name: target.name,
          version: target.version,
          ...(target.vendor === undefined ? {} : { vendor: target.vendor }),
        },
        profile,
        features: target.features,
        deadlines: config.deadlines,
        os: config.os,
        clock: "live",
        epochMs: clock.epochMs,
        apns: { topic: facts.apns.topic, teamId: facts.apns.teamId, keyId: facts.apns.keyId },
        fcm: { projectId: facts.fcm.projectId, packageName: APP_ID },
        sip: { addresses: sipAddresses(target, facts), domain: target.sip.domain },
      }),
    });
    cleanUps.push(() => world.close());
    const started = await startTarget(target.start, { world: world.facts, facts: world.runFacts }, signal);
    cleanUps.push(() => started.stop());
    return {
      world,
      target: started,
      facts: world.runFacts,
      clock,
      secrets: [...(await privateKeys(world.facts)), ...passwordsOf(config)],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Every address of the target, now that the ports are known. */
function sipAddresses({ sip, features }: QualifiedConfig["target"], world: WorldFacts): readonly string[] {
  const addresses = madeFromWorld(sip.address, world, "target.sip.address", texts);
  const reached: readonly Transport[] = addresses.map((text) => parseSipAddress(text, "target.sip.address").transport);
  const without = features.transports.filter((transport) => !reached.includes(transport));
  if (without.length === 0) return addresses;
  throw new UsageError(
    "NO_ADDRESS",
    `target.features.transports has ${without.join(" and ")}, and target.sip.address gives no such address: ${addresses.join(", ")}.`,
  );
}

/** Each line of the keys: a report may break them anywhere else. */
async function privateKeys({ apns, fcm, tls }: WorldFacts): Promise<readonly string[]> {
  const [account, ...pems] = await Promise.all(
    [fcm.serviceAccountFile, apns.keyFile, apns.clientKeyFile, tls.keyFile].map((file) => readFile(file, "utf8")),
  );
  const { private_key: inAccount = "" } = JSON.parse(account ?? "{}") as { readonly private_key?: string };
  return [inAccount, ...pems].flatMap((text) =>
    text.split("\n").filter((line) => line.length > 20 && !line.startsWith("-----")),
  );
}

function passwordsOf({ target: { subscribers } }: QualifiedConfig): readonly string[] {
  return subscribers.kind === "pool" ? subscribers.accounts.flatMap(({ password }) => password ?? []) : [];
}
