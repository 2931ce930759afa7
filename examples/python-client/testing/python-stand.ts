import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { liveClock } from "../../../harness/clock/clock.ts";
import type { AndroidEvent } from "../../../harness/trace/android-event.ts";
import type { IosEvent } from "../../../harness/trace/ios-event.ts";
import { androidDevice, type AndroidDevice } from "../../../mocks/android/android-device.ts";
import { androidNumbers } from "../../../mocks/android/android-numbers.ts";
import type { Adapter } from "../../../mocks/device-link/adapter.ts";
import type { Crossing } from "../../../mocks/device-link/json-rpc-peer.ts";
import type { LinkProblem } from "../../../mocks/device-link/link-problem.ts";
import type { LinkAccount, LinkProfile } from "../../../mocks/device-link/messages.ts";
import { openAdapter } from "../../../mocks/device-link/open-adapter.ts";
import { startStdioLink } from "../../../mocks/device-link/stdio-link.ts";
import { iosDevice, type IosDevice, type IosDeviceOptions } from "../../../mocks/ios/ios-device.ts";
import { iosNumbers } from "../../../mocks/ios/ios-numbers.ts";
import type { Binding } from "../../../mocks/sip/bindings.ts";
import type { InviteOrder, SentCall } from "../../../mocks/sip/invite-sender.ts";
import type { CallEvent } from "../../../mocks/sip/outgoing-call.ts";
import { waiter, type Waiter } from "../../../mocks/sip/testing/call-kit.ts";
import { clientStand, type ClientStand } from "../../../mocks/sip/testing/client-stand.ts";

/** The adapter, with everything it did against the contract. */
export interface PythonAdapter {
  readonly adapter: Adapter;
  readonly problems: readonly LinkProblem[];
  /** Waits until so many requests of that method have their replies. */
  readonly answered: (method: string, count: number) => Promise<unknown>;
}

const directory = fileURLToPath(new URL("..", import.meta.url));

/** `program` is run instead of main.py, beside it. */
export async function startPython(
  profile: LinkProfile,
  program: readonly string[] = ["main.py"],
): Promise<PythonAdapter> {
  const clock = liveClock();
  const problems: LinkProblem[] = [];
  const crossings = waiter<Crossing>("message of the link");
  const env = { PYTHONDONTWRITEBYTECODE: "1" };
  const link = await startStdioLink({ command: "python3", args: program, env, cwd: directory, clock });
  const adapter = await openAdapter({
    link,
    clock,
    harness: { name: "ringtrue", version: "0.0.0" },
    profile,
    onProblem: (problem) => problems.push(problem),
    onCrossing: crossings.push,
  });
  return {
    adapter,
    problems,
    async answered(method, count) {
      let seen = 0;
      const asked = await crossings.find(
        ({ message }) => "method" in message && message.method === method && (seen += 1) >= count,
      );
      const id = "id" in asked.message ? asked.message.id : undefined;
      return await crossings.find(
        ({ direction, message }) => direction === "from-app" && !("method" in message) && message.id === id,
      );
    },
  };
}

export type Placed = SentCall & { readonly events: Waiter<CallEvent> };

/** RingTrue's registrar, and phones on it that run the Python app. */
export interface PythonStand extends ClientStand {
  readonly iphone: (user: string, options?: Partial<IosDeviceOptions>) => Promise<PhoneOnStand<IosDevice, IosEvent>>;
  readonly android: (user: string) => Promise<PhoneOnStand<AndroidDevice, AndroidEvent>>;
}

export interface PhoneOnStand<Device, Event> {
  readonly device: Device;
  readonly events: Waiter<Event>;
  readonly account: LinkAccount;
  /** The newest binding, once the registrar has `count` registrations of this phone behind it. */
  readonly bound: (count: number) => Promise<Binding>;
  /** INVITE to a binding. */
  readonly call: (binding: Binding, order: Partial<InviteOrder> & { readonly callId: string }) => Placed;
}

export const password = "s3cret";
export const caller = { uri: "sip:+15550100@example.test", displayName: "Alice" };

let phones = 0;

export async function pythonStand(
  { adapter }: PythonAdapter,
  options: Parameters<typeof clientStand>[1] = {},
): Promise<PythonStand> {
  const clock = liveClock();
  const stand = await clientStand("udp", {
    accountOf: (user) => ({ aor: `sip:${user}@example.test`, username: user, password }),
    ...options,
  });

  async function onStand<Device extends Pluggable, Event>(
    platform: "ios" | "android",
    user: string,
    make: (account: LinkAccount, emit: (event: Event) => void) => Device,
  ): Promise<PhoneOnStand<Device, Event>> {
    const { host, port } = stand.listener.address;
    const account: LinkAccount = {
      aor: `sip:${user}@example.test`,
      username: user,
      password,
      displayName: `${user} "of" Example`,
      registrar: { transport: "udp", host, port, domain: "example.test" },
    };
    const events = waiter<Event>("event of the phone");
    const device = make(account, events.push);
    const line = await adapter.lease({ device: `python-${(phones += 1)}`, platform, system: device.system });
    if (line === undefined) throw new TypeError(`The adapter has ended: ${adapter.log().join("\n")}`);
    device.plugIn(line);
    onTestFinished(async () => {
      device.close();
      await line.release();
    });
    return {
      device,
      events,
      account,
      async bound(count) {
        let seen = 0;
        const { bindings } = await stand.registered.find(({ aor }) => aor === account.aor && (seen += 1) >= count);
        const binding = bindings.at(-1);
        if (binding === undefined) throw new TypeError("Nothing is bound.");
        return binding;
      },
      call(binding, order) {
        const heard = waiter<CallEvent>("call event");
        const call = stand.server.invite({ binding, aor: account.aor, caller, onEvent: heard.push, ...order });
        return Object.assign(call, { events: heard });
      },
    };
  }

  return {
    ...stand,
    iphone: async (user, more = {}) =>
      await onStand<IosDevice, IosEvent>("ios", user, (account, emit) =>
        iosDevice({
          clock,
          numbers: iosNumbers({ coldStartMs: 0, audioActivationMs: 5 }),
          token: `voip-${user}`,
          account,
          push: { provider: "apns", param: "TEAM.test.app.voip" },
          emit,
          ...more,
        }),
      ),
    android: async (user) =>
      await onStand<AndroidDevice, AndroidEvent>("android", user, (account, emit) =>
        androidDevice({
          clock,
          numbers: androidNumbers({ coldStartMs: 0 }),
          telecom: "self-managed",
          token: `fcm:${user}`,
          account,
          push: { provider: "fcm", param: "project" },
          emit,
        }),
      ),
  };
}

type Pluggable = {
  readonly system: IosDevice["system"];
  readonly plugIn: IosDevice["plugIn"];
  readonly close: () => void;
};
