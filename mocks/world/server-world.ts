import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../harness/clock/clock.ts";
import { UsageError } from "../../harness/errors.ts";
import type { Plan } from "../../harness/plan/plan.ts";
import type { Lease, World, WorldFacts } from "../../harness/run/world.ts";
import { parseSipAddress, type SipAddress } from "../../harness/targets/socket-address.ts";
import { eventLoopLag } from "../../harness/trace/event-loop-lag.ts";
import { traceRecorder } from "../../harness/trace/recorder.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { EventBody, Transport } from "../../harness/trace/trace-event.ts";
import type { Trace } from "../../harness/trace/trace.ts";
import { createApnsCredentials } from "../apns/apns-credentials.ts";
import { startApnsServer, type ReceivedPush } from "../apns/apns-server.ts";
import type { Address } from "../sip/sip-socket.ts";
import { createTestAuthority } from "../tls/test-authority.ts";
import { attribution, type PushOwner } from "./attribution.ts";
import type { Between } from "./case-recorder.ts";
import { playCase } from "./case-player.ts";
import { freePorts } from "./free-ports.ts";
import { recordFindings } from "./record-findings.ts";

export interface ServerWorldOptions {
  readonly clock: Clock;
  /** Private scratch directory of the run; it exists. Keys go there with mode 0600. */
  readonly directory: string;
  /** Address everything binds to. */
  readonly bind: string;
  /** Name under which the target reaches the mocks. @default `bind` */
  readonly advertise?: string;
  readonly apnsPort?: number;
  readonly domain: string;
  /** Bundle id of the simulated app; the topic is this with `.voip`. */
  readonly bundleId: string;
  readonly expirationMaxS: number;
  /** The facts of the run, made from what the world knows. */
  readonly runFacts: (world: WorldFacts) => RunFacts;
  /** Cases at once, at most. */
  readonly cases: number;
}

export interface ServerWorld extends World {
  worstEventLoopDelayMs(): number;
}

/** Starts everything around a server target: test authority, simulated APNs, and what plays the callers and phones. */
export async function startServerWorld(options: ServerWorldOptions): Promise<ServerWorld> {
  const { clock, directory, bind } = options;
  const file = (name: string): string => join(directory, name);
  const credentials = createApnsCredentials();
  const authority = await createTestAuthority();
  const client = await authority.issueClient({ bundleId: options.bundleId });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const files = {
    keyFile: file(`AuthKey_${credentials.keyId}.p8`),
    caFile: file("ca.pem"),
    clientCertificateFile: file("apns-client.pem"),
    clientKeyFile: file("apns-client.key"),
  };
  await Promise.all([
    writeFile(files.keyFile, credentials.p8Pem, { mode: 0o600 }),
    writeFile(files.caFile, authority.caPem, { mode: 0o600 }),
    writeFile(files.clientCertificateFile, client.certPem, { mode: 0o600 }),
    writeFile(files.clientKeyFile, client.keyPem, { mode: 0o600 }),
  ]);

  const port = await freePorts(bind);
  const lag = eventLoopLag();
  const who = attribution();
  const run = traceRecorder({ clock, lagMs: () => lag.currentMs() });
  /** `seq` of each push's request in the run trace, until it is answered. */
  const requests = new Map<string, number>();
  const owners = new Map<string, PushOwner>();
  const topic = `${options.bundleId}.voip`;

  const server = await startApnsServer({
    bind,
    ...(options.apnsPort === undefined ? {} : { port: options.apnsPort }),
    ...(options.advertise === undefined ? {} : { names: [options.advertise] }),
    clock,
    authority,
    topic,
    credentials,
    expirationMaxS: options.expirationMaxS,
    lookUpToken: (token) => ({ state: who.tokenState(token) }),
    hooks: {
      onRequest(push) {
        const owner = who.ownerOf(push.token, Buffer.from(push.body).toString());
        recordInRun(push, owner !== undefined);
        if (owner !== undefined) owners.set(push.push, owner);
        return owner?.port.receivePush(owner.phone, push) ?? { kind: "by-rules", answerDelayMs: 0 };
      },
      onResponded(push, outcome) {
        const cause = requests.get(push.push);
        requests.delete(push.push);
        const owner = owners.get(push.push);
        owners.delete(push.push);
        owner?.port.respondedPush(owner.phone, push, outcome);
        if (outcome.kind === "abandoned") return;
        const between = { ...fromService, ...(cause === undefined ? {} : { cause }) };
        if (outcome.kind === "reset") record(between, { kind: "push.reset", service: "apns", push: push.push });
        else {
          const { status, reason, timestampMs, scripted } = outcome;
          record(between, {
            kind: "push.response",
            service: "apns",
            push: push.push,
            status,
            scripted,
            ...(reason === undefined ? {} : { reason }),
            ...(timestampMs === undefined ? {} : { timestampMs }),
          });
        }
      },
      onConnection: (event) => void record(toService, event),
    },
  });

  const facts: WorldFacts = {
    apns: {
      url: `https://${options.advertise ?? server.host}:${server.port}`,
      host: options.advertise ?? server.host,
      port: server.port,
      teamId: credentials.teamId,
      keyId: credentials.keyId,
      keyFile: files.keyFile,
      topic,
      clientCertificateFile: files.clientCertificateFile,
      clientKeyFile: files.clientKeyFile,
    },
    tls: { caFile: files.caFile },
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
      await server.close();
      lag.close();
      throw error;
    }
  }

  async function closeAll(): Promise<Trace> {
    await server.close();
    lag.close();
    return {
      schema: "ringtrue.trace/1",
      scope: "run",
      facts: runFacts,
      events: run.events,
      end: { kind: "finished", atMs: clock.now(), absenceFromMs: clock.now() },
    };
  }

  function record(between: Between, body: EventBody): number {
    return run.record({ ...between, ...body }).seq;
  }

  function recordInRun(push: ReceivedPush, isOwned: boolean): void {
    const seq = record(toService, {
      kind: "push.request",
      service: "apns",
      push: push.push,
      connection: push.connection,
      method: push.method,
      path: push.path,
      headers: push.headers,
      body: push.body,
      ...(push.token === undefined ? {} : { token: push.token }),
    });
    requests.set(push.push, seq);
    // What a case owns is judged there; here stay the pushes that no case under way claims.
    if (!isOwned) {
      recordFindings({ record: (between, body) => record(between, body) }, toService, push.findings, seq);
    }
  }

  return {
    facts,
    runFacts,
    capacity: { cases: options.cases },
    worstEventLoopDelayMs: () => lag.worstMs(),
    attach() {
      record({ from: "target", to: "harness", by: "target" }, { kind: "target.ready", afterMs: clock.now() });
    },
    targetExited(exit) {
      record({ from: "target", to: "harness", by: "target" }, { kind: "target.exited", ...exit });
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
          targetOn: (transport) => addressOn(addresses, transport),
        },
        signal,
      ),
    close: () => (closing ??= closeAll()),
  };
}

function addressOn(addresses: readonly SipAddress[], transport: Transport): Address {
  const address = addresses.find((candidate) => candidate.transport === transport);
  if (address !== undefined) return address;
  throw new UsageError("NO_ADDRESS", `target.sip.address names no ${transport} address, but a plan uses ${transport}.`);
}

const toService = { from: "target", to: "push-service", by: "target" } as const;
const fromService = { from: "push-service", to: "target", by: "world" } as const;
