import { randomBytes } from "node:crypto";
import type { Clock } from "../../harness/clock/clock.ts";
import { messageOf, UsageError } from "../../harness/errors.ts";
import type { Profile } from "../../harness/trace/run-facts.ts";
import type { Platform } from "../../harness/trace/trace-event.ts";
import type { Adapter } from "../device-link/adapter.ts";
import { describeReply } from "../device-link/ask-app.ts";
import { deviceHost, type DeviceHost, type HandedPush, type HostedDevice } from "../device-link/device-host.ts";
import { describeLinkProblem } from "../device-link/link-problem.ts";
import { describeLinkEnd, type Link } from "../device-link/link.ts";
import type { LinkAccount, LinkProfile } from "../device-link/messages.ts";
import { openAdapter } from "../device-link/open-adapter.ts";
import { startStdioLink } from "../device-link/stdio-link.ts";
import { listenForLinks } from "../device-link/websocket-link.ts";
import type { LoggedPush } from "./logged-push.ts";

/** What happens on the simulated devices, as it happens. */
export type DeviceEvent =
  | { readonly kind: "launched"; readonly device: string; readonly platform: Platform; readonly token: string }
  /** The app was handed a push and has answered, in words. */
  | { readonly kind: "handed"; readonly device: string; readonly push: number; readonly reply: string }
  /** The app asked or told its operating system something. Requests are answered with `{}`. */
  | { readonly kind: "said"; readonly device: string; readonly method: string; readonly params: unknown }
  | { readonly kind: "died"; readonly device: string; readonly message: string }
  /** Something is wrong with an adapter, or it is gone. */
  | { readonly kind: "adapter"; readonly why: string };

/** What a device needs of the push services that are running. */
export interface DeviceWorld {
  readonly clock: Clock;
  readonly harness: { readonly name: string; readonly version: string };
  readonly profile: Profile;
  /** By platform, where its push service is running: its tokens, and what pn-provider and pn-param must say. */
  readonly push: Readonly<
    Partial<Record<Platform, { readonly provider: string; readonly param: string; issueToken(): string }>>
  >;
  /** The account that apps are launched with. Null: nobody is logged in. */
  readonly account: LinkAccount | null;
  readonly onEvent: (event: DeviceEvent) => void;
}

export interface MockDevice {
  /** Its name here, as in `adapter-1.device-1`. */
  readonly device: string;
  readonly platform: Platform;
  /** The newest one. */
  readonly token: string;
}

/** Apps on simulated devices that get what is pushed to their tokens. */
export interface MockDevices {
  /** Where apps connect; absent where the adapter is a program that was started. */
  readonly url?: string;
  list(): readonly MockDevice[];
  /** Launches one more app. @throws UsageError where no adapter can, TargetError where the app refuses */
  launch(platform: Platform, account?: LinkAccount | null): Promise<MockDevice>;
  /** Gives the app a new token; pushes to the old one reach nobody. Undefined: there is no such device. */
  rotateToken(device: string): Promise<string | undefined>;
  /** Ends the app's process; the next push starts it again. False: there is no such device. */
  terminate(device: string): Promise<boolean>;
  /** Hands a push to the device whose token it is for, if there is one. */
  deliver(push: LoggedPush): void;
  close(): Promise<void>;
}

interface Hosting {
  /** 1, 2, ... in the order they came. */
  readonly number: number;
  readonly adapter: Adapter;
  readonly host: DeviceHost;
}

/** A device and the name it has here, as adapters know their own devices alone. */
interface Named {
  readonly name: string;
  readonly device: HostedDevice;
}

/**
 * Starts a program that hosts apps and speaks over its standard streams.
 *
 * @throws TargetError when it cannot be driven
 */
export async function startMockDevices(
  world: DeviceWorld,
  command: readonly [string, ...string[]],
  signal: AbortSignal,
): Promise<MockDevices> {
  const [program, ...args] = command;
  const devices = mockDevices(world);
  const env = { RINGTRUE_PROFILE: JSON.stringify(linkProfileOf(world.profile)) };
  const link = await startStdioLink({ command: program, args, env, clock: world.clock });
  const abort = (): void => void link.close();
  signal.addEventListener("abort", abort, { once: true });
  try {
    await devices.add(link);
  } finally {
    signal.removeEventListener("abort", abort);
  }
  return devices.offer();
}

/** Listens for apps that connect by WebSocket. @throws UsageError where it cannot listen */
export async function listenForMockDevices(world: DeviceWorld): Promise<MockDevices> {
  const devices = mockDevices(world);
  const { clock, onEvent } = world;
  const listener = await listenForLinks({
    token: randomBytes(16).toString("hex"),
    clock,
    onRefused: (why) => onEvent({ kind: "adapter", why }),
  });
  void (async () => {
    for (let link = await listener.next(); link !== undefined; link = await listener.next()) {
      void devices.add(link).catch((error: unknown) => onEvent({ kind: "adapter", why: messageOf(error) }));
    }
  })();
  return { ...devices.offer(() => listener.close()), url: listener.url };
}

function mockDevices(world: DeviceWorld): {
  readonly add: (link: Link) => Promise<void>;
  readonly offer: (close?: () => Promise<void>) => MockDevices;
} {
  const { clock, harness, push, onEvent } = world;
  const hostings = new Set<Hosting>();
  let adapters = 0;
  const nameOf = (number: number, { device }: HostedDevice): string => `adapter-${number}.${device}`;
  const all = (): readonly Named[] =>
    [...hostings].flatMap(({ number, host }) =>
      host.devices.map((device) => ({ name: nameOf(number, device), device })),
    );
  const find = (name: string): HostedDevice | undefined => all().find((one) => one.name === name)?.device;

  async function add(link: Link): Promise<void> {
    const adapter = await openAdapter({
      link,
      clock,
      harness,
      profile: linkProfileOf(world.profile),
      onProblem: (problem) => onEvent({ kind: "adapter", why: describeLinkProblem(problem) }),
    });
    const number = ++adapters;
    const host = deviceHost({
      adapter,
      clock,
      issueToken: (platform) => push[platform]?.issueToken() ?? "",
      answer(device, { method, params }) {
        onEvent({ kind: "said", device: nameOf(number, device), method, params });
        return { result: {} };
      },
      notified: (device, { method, params }) => {
        onEvent({ kind: "said", device: nameOf(number, device), method, params });
      },
      died: (device, message) => onEvent({ kind: "died", device: nameOf(number, device), message }),
    });
    const hosting = { number, adapter, host };
    hostings.add(hosting);
    void adapter.ended.then((end) => {
      hostings.delete(hosting);
      onEvent({ kind: "adapter", why: describeLinkEnd(end) });
    });
    const platforms = adapter.facts.platforms.filter((platform) => push[platform] !== undefined);
    for (const platform of platforms.slice(0, adapter.facts.maxDevices))
      await launchOn(hosting, platform, world.account);
  }

  async function launchOn(
    { number, host }: Hosting,
    platform: Platform,
    account: LinkAccount | null,
  ): Promise<MockDevice> {
    const { provider, param } = push[platform] ?? { provider: "", param: "" };
    const launched = await host.launch({ platform, account, push: { provider, param } });
    const device = { device: nameOf(number, launched), platform, token: launched.token };
    onEvent({ kind: "launched", ...device });
    return device;
  }

  function canHost({ adapter, host }: Hosting, platform: Platform): boolean {
    const { platforms, maxDevices = Infinity } = adapter.facts;
    return platforms.includes(platform) && host.devices.length < maxDevices;
  }

  const offer = (close?: () => Promise<void>): MockDevices => ({
    list: () => all().map(({ name, device: { platform, token } }) => ({ device: name, platform, token })),
    async launch(platform, account = world.account) {
      if (push[platform] === undefined) {
        throw new UsageError("no-push-service", `platform: the push service of ${platform} is not running.`);
      }
      const hosting = [...hostings].find((one) => canHost(one, platform));
      if (hosting === undefined)
        throw new UsageError("no-room", `platform: no adapter has room for one more ${platform} app.`);
      return await launchOn(hosting, platform, account);
    },
    rotateToken: async (name) => await find(name)?.rotateToken(),
    async terminate(name) {
      const device = find(name);
      await device?.terminate("on request");
      return device !== undefined;
    },
    deliver(logged) {
      const found = all().find(({ device }) => device.token === logged.token);
      if (found === undefined) return;
      void found.device.deliver(handedPush(logged)).then((reply) => {
        onEvent({ kind: "handed", device: found.name, push: logged.number, reply: describeReply(reply) });
      });
    },
    async close() {
      await close?.();
      await Promise.all([...hostings].map(({ adapter }) => adapter.close()));
    },
  });
  return { add, offer };
}

function handedPush({ id, delivery, receivedAtMs }: LoggedPush): HandedPush {
  const { payload, priority, expiresAtMs, slot } = delivery ?? { payload: undefined };
  return {
    // FCM's message name ends in what the app sees as the message's id.
    id: id.split("/").at(-1) ?? id,
    payload,
    sentTimeMs: receivedAtMs,
    ttlMs: expiresAtMs === undefined ? 0 : Math.max(0, expiresAtMs - receivedAtMs),
    ...(priority === undefined ? {} : { priority }),
    ...(slot === undefined ? {} : { collapseKey: slot }),
  };
}

function linkProfileOf({ id, payload, correlation, registration, cancelByPush, answerFulfil }: Profile): LinkProfile {
  return { id, payload, correlation, registration, cancelByPush, answerFulfil };
}
