import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Clock } from "../../../harness/clock/clock.ts";
import { HarnessFault, UsageError } from "../../../harness/errors.ts";
import type { Plan } from "../../../harness/plan/plan.ts";
import type { Lease, World, WorldFacts } from "../../../harness/run/world.ts";
import { eventLoopLag, type EventLoopLag } from "../../../harness/trace/event-loop-lag.ts";
import { traceRecorder, type TraceRecorder } from "../../../harness/trace/recorder.ts";
import type { Media, Profile, RunFacts } from "../../../harness/trace/run-facts.ts";
import type { Transport } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import type { Link } from "../../device-link/link.ts";
import { listenForLinks, type LinkListener } from "../../device-link/websocket-link.ts";
import { listenSip } from "../../sip/listen-sip.ts";
import { hostPort } from "../case-context.ts";
import { freePorts } from "../free-ports.ts";
import type { ServerIdentity } from "../server-identity.ts";
import { appFacts } from "./app-facts.ts";
import { openClientAdapter, type ClientAdapter } from "./client-adapter.ts";
import { startClientSip, type ClientSip } from "./client-sip.ts";
import { playClientCase, type ClientCase } from "./play-client-case.ts";
import { targetExit } from "./target-exit.ts";

/** What the world knows of its run, for the facts of it. */
export type OwnFacts = Pick<RunFacts, "apns" | "fcm" | "sip"> & { readonly media: Media };

export interface ClientWorldOptions {
  readonly clock: Clock;
  /** Private scratch directory of the run; it exists. Keys go there with mode 0600. */
  readonly directory: string;
  /** Address everything binds to. */
  readonly bind: string;
  /** Name under which apps reach it. @default `bind` */
  readonly advertise?: string;
  /** Fixed ports; any free ones otherwise. */
  readonly ports: { readonly deviceLink?: number; readonly sip?: Partial<Readonly<Record<Transport, number>>> };
  readonly domain: string;
  /** What is listened on; `tls` with a certificate of the test authority. */
  readonly transports: readonly Transport[];
  readonly media: Media;
  readonly profile: Profile;
  /** Whether REGISTERs are challenged. */
  readonly digest: boolean;
  /** Bundle id and package name of the app on the simulated phones; the topic is this with `.voip`. */
  readonly appId: string;
  /** The facts of the run, made from what the world knows. `app` is added once an adapter is open. */
  readonly runFacts: (world: OwnFacts) => RunFacts;
  /** Cases at once, at most; an adapter's `maxDevices` may make it fewer. */
  readonly cases: number;
  /** What `initialize` calls us. */
  readonly harness: { readonly name: string; readonly version: string };
  /** Whether adapters may connect by WebSocket, which takes a port. @default true */
  readonly acceptsLinks?: boolean;
  /** Where nobody speaks TLS with it. @default a test authority of the run, and a certificate of it */
  readonly identity?: Pick<ServerIdentity, "certificate" | "files">;
  /** @default listenSip */
  readonly listen?: typeof listenSip;
  /** @default that of this process */
  readonly lag?: EventLoopLag;
}

export interface ClientWorld extends World {
  play(...of: Parameters<World["play"]>): Promise<Trace>;
  worstEventLoopDelayMs(): number;
  /**
   * Agrees with an adapter and probes it; every case that begins from now on is played with it.
   *
   * @throws TargetError when it cannot be driven (see `openAdapter` of the device link); the link is closed then.
   * @throws UsageError `not-declared` when the config declares a platform or transport that the adapter does not.
   */
  openAdapter(link: Link): Promise<void>;
  /** The next adapter that connects by WebSocket; undefined when `signal` aborts or the world closes first. */
  nextLink(signal: AbortSignal): Promise<Link | undefined>;
}

/** Ten characters each, as Apple gives them out; nothing is signed with the key, as nothing is sent to APNs. */
const TEAM_ID = "RINGTRUETM";
const KEY_ID = "RINGTRUEKY";
const PROJECT_ID = "ringtrue-phones";

/**
 * Starts everything around a client target: SIP listeners, the device link, and what plays the phones' systems and the callers.
 *
 * @throws HarnessFault `no-udp-port`, `no-sip-port`; UsageError `device-link-cannot-listen` and what `runFacts` throws.
 */
export async function startClientWorld(options: ClientWorldOptions): Promise<ClientWorld> {
  const { clock, directory, bind, advertise, domain, transports, profile, media, appId } = options;
  const host = advertise ?? bind;
  const cleanUps: (() => Promise<unknown>)[] = [];
  const cleanUp = async (): Promise<void> => {
    for (const one of cleanUps.splice(0).toReversed()) await one();
  };
  const lag = options.lag ?? eventLoopLag();
  cleanUps.push(async () => lag.close());
  const run = traceRecorder({ clock, lagMs: () => lag.currentMs() });
  try {
    const identity = options.identity ?? (await newIdentity(directory, [host, bind, "127.0.0.1", "localhost"]));
    const sip = await startClientSip({
      clock,
      bind,
      ...(advertise === undefined ? {} : { advertise }),
      ports: options.ports.sip ?? {},
      domain,
      transports,
      registration: profile.registration,
      certificate: identity.certificate,
      listen: options.listen ?? listenSip,
      run,
    });
    cleanUps.push(() => sip.close());
    const links = options.acceptsLinks === false ? undefined : await listenForAdapters(options, host);
    if (links !== undefined) cleanUps.push(() => links.close());

    const facts: WorldFacts = {
      ...unusedPushServices(appId),
      tls: identity.files,
      sip: { domain },
      ...(links === undefined ? {} : { deviceLink: { url: links.url } }),
      directory,
      file: (name) => join(directory, name),
      port: await freePorts(bind),
    };
    const own = options.runFacts({
      apns: { topic: facts.apns.topic, teamId: TEAM_ID, keyId: KEY_ID },
      fcm: { projectId: PROJECT_ID, packageName: appId },
      sip: { addresses: transports.map((transport) => addressOf(sip, transport, host)), domain },
      media,
    });
    return worldOf({ options, host, facts, own, sip, links, run, lag, close: cleanUp });
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

interface WorldParts {
  readonly options: ClientWorldOptions;
  readonly host: string;
  readonly facts: WorldFacts;
  readonly own: RunFacts;
  readonly sip: ClientSip;
  readonly links: LinkListener | undefined;
  readonly run: TraceRecorder;
  readonly lag: EventLoopLag;
  readonly close: () => Promise<void>;
}

function worldOf({ options, host, facts, own, sip, links, run, lag, close }: WorldParts): ClientWorld {
  const { clock, profile, harness, cases } = options;
  let underWay = new Set<ClientCase>();
  let adapter: ClientAdapter | undefined;
  let runFacts = own;
  let closing: Promise<Trace> | undefined;
  let lastTurn: Promise<unknown> = Promise.resolve();

  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = lastTurn.then(act);
    lastTurn = turn.catch(() => {});
    return turn;
  }

  async function closeAll(): Promise<Trace> {
    await adapter?.close();
    await close();
    const end = { kind: "finished", atMs: clock.now(), absenceFromMs: clock.now() } as const;
    return { schema: "ringtrue.trace/1", scope: "run", facts: runFacts, events: run.events, end };
  }

  return {
    facts,
    get runFacts() {
      return runFacts;
    },
    get capacity() {
      return { cases: Math.min(cases, adapter?.facts.maxDevices ?? cases) };
    },
    worstEventLoopDelayMs: () => lag.worstMs(),
    async openAdapter(link) {
      const opened = await openClientAdapter({ link, clock, harness, profile, run });
      try {
        runFacts = { ...own, app: appFacts(opened.facts, own) };
      } catch (error) {
        await opened.close();
        throw error;
      }
      adapter = opened;
      const hosted = new Set<ClientCase>();
      underWay = hosted;
      void opened.ended.then((end) => {
        for (const { stage } of hosted) stage.targetExited(targetExit(end));
      });
    },
    nextLink: async (signal) => await links?.next(signal),
    attach() {
      run.record({ ...fromTarget, kind: "target.ready", afterMs: clock.now() });
    },
    targetExited(exit) {
      run.record({ ...fromTarget, kind: "target.exited", ...exit });
      for (const { stage } of underWay) stage.targetExited(exit);
    },
    async play(plan: Plan, lease: Lease, signal: AbortSignal) {
      if (sip.listener(plan.transport) === undefined)
        throw new UsageError(
          "not-listening",
          `A plan uses ${plan.transport}, and target.features.transports has only ${options.transports.join(", ")}.`,
        );
      if (adapter === undefined) throw new HarnessFault("no-adapter", "No adapter was opened to play a case with.");
      const surroundings = { facts: runFacts, clock, lagMs: () => lag.currentMs(), sip, host, adapter, inTurn };
      const hosted = underWay;
      const one = playClientCase(plan, lease, surroundings, signal);
      hosted.add(one);
      try {
        return await one.trace;
      } finally {
        hosted.delete(one);
      }
    },
    close: () => (closing ??= closeAll()),
  };
}

/** What issues certificates takes long to load, and not every world needs one. */
async function newIdentity(directory: string, names: readonly string[]): Promise<ServerIdentity> {
  const { serverIdentity } = await import("../server-identity.ts");
  return await serverIdentity(directory, names);
}

/** The listener's address as a person would configure it. */
function addressOf(sip: ClientSip, transport: Transport, host: string): string {
  const port = sip.listener(transport)?.address.port ?? 0;
  return `${transport}:${hostPort({ host, port })}`;
}

/** A client target is handed its pushes: there is nothing to reach, only who the app is there. */
function unusedPushServices(appId: string): Pick<WorldFacts, "apns" | "fcm"> {
  const nowhere = { url: "", host: "", port: 0 };
  return {
    apns: {
      ...nowhere,
      teamId: TEAM_ID,
      keyId: KEY_ID,
      keyFile: "",
      topic: `${appId}.voip`,
      clientCertificateFile: "",
      clientKeyFile: "",
    },
    fcm: { ...nowhere, projectId: PROJECT_ID, serviceAccountFile: "", oauthUrl: "" },
  };
}

async function listenForAdapters({ bind, ports, clock }: ClientWorldOptions, host: string): Promise<LinkListener> {
  const { deviceLink } = ports;
  return await listenForLinks({
    bind,
    host,
    ...(deviceLink === undefined ? {} : { port: deviceLink }),
    token: randomBytes(24).toString("base64url"),
    clock,
  });
}

const fromTarget = { from: "target", to: "harness", by: "target" } as const;
