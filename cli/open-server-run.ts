import { readFile } from "node:fs/promises";
import { liveClock } from "../harness/clock/clock.ts";
import type { QualifiedConfig } from "../harness/config/config.ts";
import { UsageError } from "../harness/errors.ts";
import type { WorldFacts } from "../harness/run/world.ts";
import { madeFromWorld, texts } from "../harness/targets/made-from-world.ts";
import { parseSipAddress } from "../harness/targets/socket-address.ts";
import type { ProgramTarget } from "../harness/targets/target-definition.ts";
import { startTarget } from "../harness/targets/start-target.ts";
import type { Transport } from "../harness/trace/trace-event.ts";
import { startServerWorld } from "../mocks/world/server-world.ts";
import { resolveProfile } from "../scenarios/profiles/index.ts";
import { APP_ID, factsOfConfig } from "./facts-of-config.ts";
import { keyLines } from "./key-lines.ts";
import { passwordsOf } from "./passwords-of.ts";
import type { OpenRun, RunOpening } from "./open-run.ts";

/** Starts everything around a server target, and the target. */
export async function openServerRun(opening: RunOpening): Promise<Omit<OpenRun, "close">> {
  const { config, directory, signal, onClose } = opening;
  const { target, world: lab } = config;
  const clock = liveClock();
  const world = await startServerWorld({
    clock,
    directory,
    bind: lab.bind,
    ...(lab.advertise === undefined ? {} : { advertise: lab.advertise }),
    ports: lab.ports,
    domain: target.sip.domain,
    sipAccess: { tls: target.sip.tls, wsPath: target.sip.wsPath },
    appId: APP_ID,
    limits: resolveProfile(target.profile).limits,
    cases: config.suite.concurrency,
    runFacts: (facts) => ({
      ...factsOfConfig(config, clock),
      apns: { topic: facts.apns.topic, teamId: facts.apns.teamId, keyId: facts.apns.keyId },
      fcm: { projectId: facts.fcm.projectId, packageName: APP_ID },
      sip: { addresses: sipAddresses(target, facts), domain: target.sip.domain },
    }),
  });
  onClose(() => world.close());
  const programs = target.start.filter((one): one is ProgramTarget => one.kind !== "module");
  const started = await startTarget(programs, { world: world.facts, facts: world.runFacts }, signal);
  onClose(() => started.stop());
  return {
    world,
    target: started,
    facts: world.runFacts,
    clock,
    secrets: [...(await privateKeys(world.facts)), ...passwordsOf(config)],
  };
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

async function privateKeys({ apns, fcm, tls }: WorldFacts): Promise<readonly string[]> {
  const [account, ...pems] = await Promise.all(
    [fcm.serviceAccountFile, apns.keyFile, apns.clientKeyFile, tls.keyFile].map((file) => readFile(file, "utf8")),
  );
  const { private_key: inAccount = "" } = JSON.parse(account ?? "{}") as { readonly private_key?: string };
  return [inAccount, ...pems].flatMap(keyLines);
}
