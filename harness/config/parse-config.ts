import { UsageError } from "../errors.ts";
import { madeFromWorld, oneOrMoreTexts } from "../targets/made-from-world.ts";
import { parseSipAddress } from "../targets/socket-address.ts";
import type { FromWorld } from "../targets/target-definition.ts";
import type { Deadlines, Features } from "../trace/run-facts.ts";
import type { Transport } from "../trace/trace-event.ts";
import { configSchema } from "./config-schema.ts";
import type { Config, QualifiedConfig } from "./config.ts";
import { describeIssues } from "./describe-issue.ts";
import { notInThisVersion } from "./not-in-this-version.ts";
import { generatedSubscribers } from "./subscribers.ts";

export const defaultDeadlines: Deadlines = {
  appReactsMs: 5000,
  pushAfterInviteMs: 5000,
  inviteAfterRegisterMs: 2000,
  ringStopAfterHangupMs: 2000,
  finalResponseMs: 40_000,
  absenceMs: 1500,
  inviteWaitMs: { min: 13_000, max: 35_000 },
};

const defaultFeatures: Omit<Features, "transports"> = {
  platforms: ["ios"],
  kind: "proxy",
  wake: "always",
  delivery: "hold",
  progress: "end-to-end",
  fallback: "none",
  video: false,
  multipleDevices: false,
  concurrentCalls: false,
  digest: false,
  pushRetry: false,
};

/**
 * Turns what a config file exports into a complete config.
 *
 * @param name of the file, for messages.
 * @throws UsageError naming the file and every field that is wrong, unknown or not done by this version.
 */
export function parseConfig(input: unknown, name: string): QualifiedConfig {
  const missing = notInThisVersion(input);
  if (missing.length > 0)
    throw new UsageError("not-in-this-version", `${name}: this version of RingTrue does not do\n${list(missing)}`);
  const parsed = configSchema.safeParse(input);
  if (!parsed.success)
    throw new UsageError(
      "bad-config",
      `${name} is not a valid config:\n${list(describeIssues(parsed.error.issues, configSchema))}`,
    );
  return qualified(input as Config, name);
}

function qualified(
  { target, world, suite, deadlines, os, expectedFailures, reports }: Config,
  name: string,
): QualifiedConfig {
  checkRole(target, world, name);
  const role = target.role ?? "server";
  const addresses = target.sip?.address === undefined ? [] : addressList(target.sip.address);
  const transports = target.features?.transports ?? (role === "client" ? ["udp"] : transportsOf(addresses, name));
  if (role === "server") checkAddresses(addresses, transports, name);
  const { vendor, contact } = target;
  return {
    target: {
      name: target.name,
      version: target.version,
      ...(vendor === undefined ? {} : { vendor }),
      ...(contact === undefined ? {} : { contact }),
      role,
      profile: target.profile ?? "rfc8599",
      features: { ...defaultFeatures, ...given(target.features ?? {}), transports },
      start: "kind" in target.start ? [target.start] : target.start,
      sip: {
        address: addresses,
        domain: target.sip?.domain ?? "example.test",
        tls: given(target.sip?.tls ?? {}),
        wsPath: target.sip?.wsPath ?? "/",
      },
      media: target.media ?? "rtp",
      subscribers: target.subscribers ?? generatedSubscribers(),
      callers: { register: target.callers?.register ?? false },
    },
    world: {
      bind: world?.bind ?? "127.0.0.1",
      ...(world?.advertise === undefined ? {} : { advertise: world.advertise }),
      ports: given(world?.ports ?? {}),
    },
    suite: { runs: 100, concurrency: 32, strict: false, ...given(suite ?? {}) },
    deadlines: { ...defaultDeadlines, ...given(deadlines ?? {}) },
    os: os ?? {},
    expectedFailures: expectedFailures ?? [],
    reports: {
      directory: reports?.directory ?? "ringtrue-report",
      formats: reports?.formats ?? ["json", "html", "junit"],
    },
  };
}

/** What only one role knows of is said of a target of that role. */
function checkRole(
  { role = "server", sip, start, media }: Config["target"],
  world: Config["world"],
  name: string,
): void {
  const starts = "kind" in start ? [start] : start;
  const wrong = (role === "server" ? wrongForServer : wrongForClient)();
  if (wrong.length > 0) throw new UsageError("bad-config", `${name} is not a valid config:\n${list(wrong)}`);

  function wrongForServer(): readonly string[] {
    return [
      ...(sip?.address === undefined ? ["target.sip.address is missing: a server is reached at it"] : []),
      ...starts.flatMap((one, i) =>
        one.kind === "module" || one.link === undefined
          ? []
          : [`${startPath(i)}.link: only client targets (target.role) speak the device link`],
      ),
      ...starts.flatMap((one, i) =>
        one.kind === "module" ? [`${startPath(i)}: a module can only be a client target (target.role)`] : [],
      ),
      ...(media === undefined ? [] : ["target.media: only for client targets (target.role), whom RingTrue calls"]),
      ...(world?.ports?.deviceLink === undefined
        ? []
        : ["world.ports.deviceLink: only client targets (target.role) speak the device link"]),
    ];
  }

  function wrongForClient(): readonly string[] {
    const servers = "a client target is told where to register when its app is launched";
    const [first] = starts;
    const links = first?.kind !== "remote" || first.link === "websocket";
    return [
      ...(sip?.address === undefined ? [] : [`target.sip.address: ${servers}`]),
      ...(sip?.tls === undefined ? [] : [`target.sip.tls: ${servers}, and trusts world.tls.caFile`]),
      ...(sip?.wsPath === undefined ? [] : [`target.sip.wsPath: ${servers}`]),
      ...(starts.length > 1 ? ["target.start: a client target is one adapter, so one definition"] : []),
      ...(links
        ? []
        : [`${startPath(0)}.link must be "websocket": an adapter that RingTrue does not start connects to it`]),
      ...starts.flatMap((one, i) =>
        one.kind === "module" || one.ready === undefined
          ? []
          : [`${startPath(i)}.ready: an adapter is ready once it has answered initialize`],
      ),
      ...(world?.ports?.apns === undefined && world?.ports?.fcm === undefined
        ? []
        : ["world.ports: no push service listens for client targets, which are handed their pushes"]),
    ];
  }

  function startPath(index: number): string {
    return "kind" in start ? "target.start" : `target.start[${index}]`;
  }
}

function addressList(address: FromWorld<string | readonly string[]>): FromWorld<readonly string[]> {
  if (typeof address !== "function") return typeof address === "string" ? [address] : address;
  return (world) => {
    const made = madeFromWorld(address, world, "target.sip.address", oneOrMoreTexts);
    return typeof made === "string" ? [made] : made;
  };
}

/** Undeclared transports are those of the addresses; where these are only known in the run, UDP. */
function transportsOf(addresses: FromWorld<readonly string[]>, name: string): readonly Transport[] {
  if (typeof addresses === "function") return ["udp"];
  return [...new Set(addresses.map((address) => parseSipAddress(address, `${name}: target.sip.address`).transport))];
}

function checkAddresses(addresses: FromWorld<readonly string[]>, transports: readonly Transport[], name: string): void {
  if (typeof addresses === "function") return;
  const has = new Set<Transport>(
    addresses.map((address) => parseSipAddress(address, `${name}: target.sip.address`).transport),
  );
  const without = transports.filter((transport) => !has.has(transport));
  if (without.length > 0)
    throw new UsageError(
      "no-address",
      `${name}: target.features.transports has ${without.join(" and ")}, and target.sip.address has no such address.`,
    );
}

/** Without the fields that stand there as undefined, which would hide a default. */
function given<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `  - ${line}`).join("\n");
}
