import { randomBytes, randomUUID } from "node:crypto";
import { liveClock } from "../../harness/clock/clock.ts";
import { HarnessFault } from "../../harness/errors.ts";
import type { AndroidEvent } from "../../harness/trace/android-event.ts";
import type { IosEvent } from "../../harness/trace/ios-event.ts";
import type { Platform } from "../../harness/trace/trace-event.ts";
import { rfc8599 } from "../../scenarios/profiles/rfc8599.ts";
import { androidDevice, type AndroidDevice, type AndroidDeviceOptions } from "../android/android-device.ts";
import { androidNumbers } from "../android/android-numbers.ts";
import type { LinkAccount, LinkProfile } from "../device-link/messages.ts";
import { openAdapter } from "../device-link/open-adapter.ts";
import type { LinkProblem } from "../device-link/link-problem.ts";
import { iosDevice, type IosDevice, type IosDeviceOptions } from "../ios/ios-device.ts";
import { iosNumbers } from "../ios/ios-numbers.ts";
import type { AppEvent, AppLaunch, ReactNativeAppOptions } from "./app-options.ts";
import { eventLog, type EventLog } from "./event-log.ts";
import { inProcessLink } from "../device-link/in-process-link.ts";
import { phoneUser, type PhoneUser } from "./phone-user.ts";
import { createReactNativeAdapter } from "./react-native-adapter.ts";
import { simulatedSip, type SimulatedSip } from "./simulated-sip.ts";

/** Something the app did against the contract of the device link. */
export interface LinkProblemEvent {
  readonly kind: "link.problem";
  readonly problem: LinkProblem;
}

type DeviceEvent<P extends Platform> = P extends "ios" ? IosEvent : AndroidEvent;
type Device<P extends Platform> = P extends "ios" ? IosDevice : AndroidDevice;

/** Everything that happened on a phone, in its order. */
export type PhoneEvent<P extends Platform = Platform> = DeviceEvent<P> | AppEvent | LinkProblemEvent;

export interface SimulatedPhoneOptions<P extends Platform> extends Omit<ReactNativeAppOptions, "loadApp" | "os"> {
  readonly platform: P;
  /** Imports the app's entry file; called at every launch. @example () => import("./index.js") */
  readonly app: (launch: AppLaunch) => unknown;
  /**
   * Numbers of the phone and of the app's start, by their names in `os` of the config.
   *
   * @default those of the config, but a start of a few milliseconds: `coldStartMs` 5, `jsBootMs` 20, `audioActivationMs` 5
   */
  readonly os?: Readonly<Record<string, number>>;
  /** @default iOS "18.0", Android "15" */
  readonly osVersion?: string;
  /** What is set on the phone, or wrong with it. */
  readonly conditions?: P extends "ios" ? IosDeviceOptions["conditions"] : AndroidDeviceOptions["settings"];
  /** Null: nobody is logged in. @default `bob`, with a password of this run */
  readonly account?: { readonly user?: string; readonly displayName?: string } | null;
  /** Members that differ from those of `rfc8599`, with `answerFulfil` "at-once". */
  readonly profile?: Partial<LinkProfile>;
}

/** One call as the system shows it: `id` is CallKit's UUID in lower case, or Telecom's connection id. */
export interface PhoneCall {
  readonly id: string;
  readonly state: string;
}

/** A phone with one React Native app on it, its push service, and the SIP server the app registers with. */
export interface SimulatedPhone<P extends Platform = Platform> {
  readonly platform: P;
  /** The simulated operating system, with all it can do. */
  readonly device: Device<P>;
  readonly sip: SimulatedSip;
  readonly user: PhoneUser;
  readonly events: EventLog<PhoneEvent<P>>;
  /** What the system shows. */
  readonly calls: readonly PhoneCall[];
  /**
   * A push reaches the phone: on iOS the PushKit dictionary, on Android the data of a message of high priority. The app is started
   * or woken for it.
   */
  deliverPush(payload: Readonly<Record<string, unknown>>): void;
  /** Ends the app's process: its memory, timers and sockets are gone, its files stay. The next push starts it again. */
  kill(why?: string): void;
  suspend(): void;
  /** Closes everything; the app is ended. */
  close(): Promise<void>;
}

const quick = { coldStartMs: 5, jsBootMs: 20, audioActivationMs: 5 };

/**
 * Puts an app on a simulated phone, for a test of its own: every launch runs its JavaScript in a module graph of its own, above the
 * real JavaScript of the packages and a simulated native side. The phone is off at first: push to it, or `user.open()`.
 *
 * @throws TargetError when the app's adapter cannot be opened.
 */
export async function simulatedPhone<P extends Platform>(
  options: SimulatedPhoneOptions<P>,
): Promise<SimulatedPhone<P>> {
  const { platform, app, os = {}, account: who = {}, profile = {}, osVersion, conditions, ...native } = options;
  const clock = liveClock();
  const numbers = { ...quick, ...os };
  const events = eventLog<PhoneEvent<P>>();
  const tell = (event: IosEvent | AndroidEvent | AppEvent | LinkProblemEvent): void =>
    events.push(event as PhoneEvent<P>);
  const { user = "bob", displayName = "Bob" } = who ?? {};
  const sip = await simulatedSip(clock, { user, displayName });

  const appAdapter = createReactNativeAdapter(
    {
      ...native,
      loadApp: app,
      os: pick(numbers, ["jsBootMs", "headlessTaskMs"]),
      ...(platform === "ios" ? { appDelegate: native.appDelegate ?? { payload: { uuid: "/callUUID" } } } : {}),
      ...(platform === "android" ? { messagingService: native.messagingService ?? {} } : {}),
    },
    (text) => link.say(text),
    { clock, onEvent: tell },
  );
  const link = inProcessLink(
    (text) => appAdapter.receive(text),
    () => appAdapter.close(),
  );
  const adapter = await openAdapter({
    link: link.link,
    clock,
    harness: { name: "ringtrue", version: "0" },
    // react-native-callkeep can do nothing but fulfil at once.
    profile: { ...rfc8599, answerFulfil: "at-once", ...profile },
    onProblem: (problem) => tell({ kind: "link.problem", problem }),
  });

  const account: LinkAccount | null = who === null ? null : sip.account;
  const common = { clock, account, ...(osVersion === undefined ? {} : { osVersion }), emit: tell };
  const device: IosDevice | AndroidDevice =
    platform === "ios"
      ? iosDevice({
          ...common,
          numbers: iosNumbers(numbers),
          token: randomBytes(32).toString("hex"),
          push: { provider: "apns", param: "TEAMID1234.test.ringtrue.app.voip" },
          ...(conditions === undefined
            ? {}
            : { conditions: conditions as NonNullable<IosDeviceOptions["conditions"]> }),
        })
      : androidDevice({
          ...common,
          numbers: androidNumbers(numbers),
          telecom: "self-managed",
          token: randomBytes(32).toString("base64url"),
          push: { provider: "fcm", param: "simulated" },
          ...(conditions === undefined
            ? {}
            : { settings: conditions as NonNullable<AndroidDeviceOptions["settings"]> }),
        });
  const line = await adapter.lease({ device: "phone", platform, system: device.system });
  if (line === undefined) throw new HarnessFault("no-device", "The adapter within this process took no device.");
  device.plugIn(line);
  const ios = "resetProvider" in device ? device : undefined;
  const android = "removeTask" in device ? device : undefined;

  return {
    platform,
    device: device as Device<P>,
    sip,
    user: phoneUser(device),
    events: events.log,
    get calls() {
      const iosCalls = ios?.calls().map(({ callUUID, state }) => ({ id: callUUID, state }));
      return iosCalls ?? android?.calls().map(({ connectionId, state }) => ({ id: connectionId, state })) ?? [];
    },
    deliverPush(payload) {
      if (ios !== undefined) return ios.deliver({ id: randomUUID(), payload });
      android?.deliver({
        messageId: randomUUID(),
        token: android.token(),
        // FCM carries strings only.
        data: Object.fromEntries(
          Object.entries(payload).map(([name, value]) => [
            name,
            typeof value === "string" ? value : JSON.stringify(value),
          ]),
        ),
        priority: "high",
        sentTimeMs: Date.now(),
        ttlMs: 0,
      });
    },
    kill: (why = "killed by the test") => device.terminate(why),
    suspend: () => device.suspend(),
    async close() {
      device.close();
      appAdapter.close();
      await adapter.close();
      await sip.close();
    },
  };
}

function pick(numbers: Readonly<Record<string, number>>, names: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(numbers).filter(([name]) => names.includes(name)));
}
