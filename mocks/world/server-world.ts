import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../harness/clock/clock.ts";
import { messageOf, UsageError } from "../../harness/errors.ts";
import type { Plan } from "../../harness/plan/plan.ts";
import type { Lease, World, WorldFacts } from "../../harness/run/world.ts";
import { parseSipAddress, type SipAddress } from "../../harness/targets/socket-address.ts";
import { eventLoopLag } from "../../harness/trace/event-loop-lag.ts";
import { traceRecorder } from "../../harness/trace/recorder.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { Transport } from "../../harness/trace/trace-event.ts";
import type { Trace } from "../../harness/trace/trace.ts";
import type { SipTarget } from "./case-context.ts";
import { attribution } from "./attribution.ts";
import { playCase } from "./case-player.ts";
import { freePorts } from "./free-ports.ts";
import { startPushServices } from "./push-services.ts";
import { runPushes } from "./run-pushes.ts";
import { serverIdentity } from "./server-identity.ts";

export interface ServerWorldOptions {
  readonly clock: Clock;
  /** Private scratch directory of the run; it exists. Keys go there with mode 0600. */
  readonly directory: string;
  /** Address everything binds to. */
  readonly bind: string;
  /** Name under which the target reaches the mocks. @default `bind` */
  readonly advertise?: string;
  /** Fixed ports; any free ones otherwise. */
  readonly ports: { readonly apns?: number; readonly fcm?: number };
  readonly domain: string;
  /** How callers and phones reach a target over TLS and WebSocket. @default the test authority, no name of its own, "/" */
  readonly sipAccess?: {
    readonly tls: { readonly caFile?: string; readonly serverName?: string };
    readonly wsPath: string;
  };
  /** Bundle id and package name of the simulated app; the topic is this with `.voip`. */
  readonly appId: string;
  /** How long a push may be kept (`profile.limits`). */
  readonly limits: { readonly apnsExpirationMaxS: number; readonly fcmTtlMaxS: number };
  /** The facts of the run, made from what the world knows. */
  readonly runFacts: (world: WorldFacts) => RunFacts;
  /** Cases at once, at most. */
  readonly cases: number;
}

export interface ServerWorld extends World {
  play(...of: Parameters<World["play"]>): Promise<Trace>;
  worstEventLoopDelayMs(): number;
}

/** Starts everything around a server target: test authority, simulated APNs and FCM, and what plays the callers and phones. */
export async function startServerWorld(options: ServerWorldOptions): Promise<ServerWorld> {
  const { clock, directory, bind } = options;
  const file = (name: string): string => join(directory, name);
  const names = [options.advertise ?? bind, bind, "127.0.0.1", "localhost"];
  const { authority, files } = await serverIdentity(directory, names);
  const { tls = {}, wsPath = "/" } = options.sipAccess ?? {};
  const access: SipAccess = {
    caPem: tls.caFile === undefined ? authority.caPem : await readCa(tls.caFile),
    ...(tls.serverName === undefined ? {} : { serverName: tls.serverName }),
    wsPath,
  };

  const port = await freePorts(bind);
  const lag = eventLoopLag();
  const who = attribution();
  const run = traceRecorder({ clock, lagMs: () => lag.currentMs() });
  const services = await startPushServices({
    clock,
    authority,
    file,
    bind,
    ...(options.advertise === undefined ? {} : { advertise: options.advertise }),
    ports: options.ports,
    appId: options.appId,
    limits: options.limits,
    lookUpToken: (service) => (token) => ({ state: who.tokenState(service, token) }),
    hooks: runPushes(run, who),
  }).catch((error: unknown) => {
    lag.close();
    throw error;
  });

  const facts: WorldFacts = {
    ...services.facts,
    tls: files,
    sip: { domain: options.domain },
    directory,
    file,
    port,
  };
  const { runFacts, addresses } = await factsOf(facts);

  let closing: Promise<Trace> | undefined;

  /** What makes them is a config's, and may throw: then nothing must be left open. */
  async function factsOf(world: WorldFacts): Promise<{ runFacts: RunFacts; addresses: readonly SipAddress[] }> {
    try {
      const made = options.runFacts(world);
      return {
        runFacts: made,
        addresses: made.sip.addresses.map((text) => parseSipAddress(text, "target.sip.address")),
      };
    } catch (error) {
      await services.close();
      lag.close();
      throw error;
    }
  }

  async function closeAll(): Promise<Trace> {
    await services.close();
    lag.close();
    return {
      schema: "ringtrue.trace/1",
      scope: "run",
      facts: runFacts,
      events: run.events,
      end: { kind: "finished", atMs: clock.now(), absenceFromMs: clock.now() },
    };
  }

  return {
    facts,
    runFacts,
    capacity: { cases: options.cases },
    worstEventLoopDelayMs: () => lag.worstMs(),
    attach() {
      run.record({ ...fromTarget, kind: "target.ready", afterMs: clock.now() });
    },
    targetExited(exit) {
      run.record({ ...fromTarget, kind: "target.exited", ...exit });
      for (const port of who.underWay) port.targetExited(exit);
    },
    play: (plan: Plan, lease: Lease, signal: AbortSignal) =>
      playCase(
        plan,
        lease,
        {
          facts: runFacts,
          clock,
          lagMs: () => lag.currentMs(),
          attribution: who,
          bind,
          targetOn: (transport) => sipTargetOn(addresses, transport, access),
        },
        signal,
      ),
    close: () => (closing ??= closeAll()),
  };
}

/** Whom to believe, and which path to ask for. */
interface SipAccess {
  readonly caPem: string;
  readonly serverName?: string;
  readonly wsPath: string;
}

async function readCa(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new UsageError("NO_CA", `target.sip.tls.caFile cannot be read: ${messageOf(cause)}.`, { cause });
  }
}

function sipTargetOn(addresses: readonly SipAddress[], transport: Transport, access: SipAccess): SipTarget {
  const address = addresses.find((candidate) => candidate.transport === transport);
  if (address !== undefined) {
    const { host, port, secure } = address;
    const { wsPath, ...trust } = access;
    return { host, port, wsPath, ...(secure ? { trust } : {}) };
  }
  throw new UsageError("NO_ADDRESS", `target.sip.address names no ${transport} address, but a plan uses ${transport}.`);
}

const fromTarget = { from: "target", to: "harness", by: "target" } as const;
