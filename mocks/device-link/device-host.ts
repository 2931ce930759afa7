import type { Clock } from "../../harness/clock/clock.ts";
import { TargetError } from "../../harness/errors.ts";
import type { Platform } from "../../harness/trace/trace-event.ts";
import type { Adapter } from "./adapter.ts";
import { describeReply, type AppReply } from "./ask-app.ts";
import type { AppAnswer, DeviceLine } from "./device-line.ts";
import type { AppNotification, AppRequest, DeviceMethod, HarnessRequests, LinkAccount } from "./messages.ts";

/** Where `time_to_live` stands when a message names none: four weeks (FCM, "Set the lifespan of a message"). */
const FCM_DEFAULT_TTL_MS = 28 * 24 * 3600 * 1000;

export interface DeviceHostOptions {
  readonly adapter: Adapter;
  readonly clock: Clock;
  /** Gives a token that the simulated push service takes pushes for. */
  readonly issueToken: (platform: Platform) => string;
  /** Answers what an app asks. Must not throw. @default everything is answered with `{}` */
  readonly answer?: (device: HostedDevice, request: AppRequest) => AppAnswer;
  /** Must not throw. */
  readonly notified?: (device: HostedDevice, notification: AppNotification) => void;
  readonly died?: (device: HostedDevice, message: string) => void;
}

/** Devices that get pushes and nothing else: no system is simulated and nothing is judged. */
export interface DeviceHost {
  /**
   * Starts an app on a device of its own and hands it a token.
   *
   * @throws TargetError `device-not-launched` when the app refuses, or the adapter is gone.
   */
  launch(options: HostedLaunch): Promise<HostedDevice>;
  /** Those launched and not released, oldest first. */
  readonly devices: readonly HostedDevice[];
  /** Releases every device. The adapter stays open. */
  close(): Promise<void>;
}

export interface HostedLaunch {
  readonly platform: Platform;
  /** Null: nobody is logged in. */
  readonly account: LinkAccount | null;
  /** What pn-provider and pn-param must say. */
  readonly push: { readonly provider: string; readonly param: string };
}

/** What the push service hands over. */
export interface HandedPush {
  /** Unique on this host. */
  readonly id: string;
  /** iOS: the PushKit dictionary. Android: the data of the message; values that are no strings are left out. */
  readonly payload: unknown;
  /** Android: what it is delivered as. @default "high" */
  readonly priority?: "high" | "normal";
  /** Android: what it was sent as. @default `priority` */
  readonly originalPriority?: "high" | "normal";
  /** Android: Unix milliseconds. @default now */
  readonly sentTimeMs?: number;
  /** Android. @default four weeks */
  readonly ttlMs?: number;
  /** Android */
  readonly collapseKey?: string;
}

export interface HostedDevice {
  readonly device: string;
  readonly platform: Platform;
  /** The newest one. */
  readonly token: string;
  /** Hands a push over; where the app is not running it is launched for it. Never fails: see what came of it. */
  deliver(push: HandedPush): Promise<AppReply<DeviceMethod>>;
  /** Issues a new token and hands it over, at the next launch where the app is not running. Gives the token. */
  rotateToken(): Promise<string>;
  /** Ends the app's process; the next push starts it again. */
  terminate(reason: string): Promise<AppReply<DeviceMethod>>;
  /** Terminates the app and gives the device back. */
  release(): Promise<void>;
}

const systemVersions: Readonly<Record<Platform, string>> = { ios: "18.0", android: "15" };

export function deviceHost(options: DeviceHostOptions): DeviceHost {
  const { adapter, clock, issueToken, answer = () => ({ result: {} }), notified, died } = options;
  const devices: HostedDevice[] = [];
  let launched = 0;

  async function launch(asked: HostedLaunch): Promise<HostedDevice> {
    const { platform } = asked;
    const name = `device-${(launched += 1)}`;
    let hosted: HostedDevice | undefined;
    const line = await adapter.lease({
      device: name,
      platform,
      system: {
        answer: (request) => (hosted === undefined ? { result: {} } : answer(hosted, request)),
        notified: (notification) => hosted !== undefined && notified?.(hosted, notification),
        died: (message) => hosted !== undefined && died?.(hosted, message),
      },
    });
    if (line === undefined) throw new TargetError("device-not-launched", `No app was launched: the adapter is gone.`);
    const device = onLine(line, asked);
    hosted = device;
    devices.push(device);
    const reply = await device.start("user");
    if (reply.kind !== "result") {
      await device.release();
      throw new TargetError("device-not-launched", `The app on ${name} was not launched. ${describeReply(reply)}`);
    }
    return device;
  }

  function onLine(
    line: DeviceLine,
    { platform, account, push }: HostedLaunch,
  ): HostedDevice & { start(reason: LaunchReason): Promise<AppReply<DeviceMethod>> } {
    let token = issueToken(platform);
    let knowsToken = false;
    let starting: Promise<AppReply<DeviceMethod>> | undefined;

    const handToken = async (): Promise<AppReply<DeviceMethod>> => {
      knowsToken = true;
      return platform === "ios"
        ? await line.request("pushRegistry.didUpdatePushCredentials", { type: "voip", token })
        : await line.request("messagingService.onNewToken", { token });
    };
    const launchNow = async (reason: LaunchReason): Promise<AppReply<DeviceMethod>> => {
      const osVersion = systemVersions[platform];
      const reply = await line.request("device.launch", { platform, reason, osVersion, account, push });
      // PushKit tells the token at each launch, FCM only when it is new. The push must not wait for its reply.
      if (reply.kind === "result" && (platform === "ios" || !knowsToken)) void handToken();
      return reply;
    };
    const start = async (reason: LaunchReason): Promise<AppReply<DeviceMethod>> => {
      starting ??= launchNow(reason).finally(() => (starting = undefined));
      return await starting;
    };
    const handOver = async (handed: HandedPush): Promise<AppReply<DeviceMethod>> => {
      if (platform === "ios")
        return await line.request("pushRegistry.didReceiveIncomingPush", {
          pushId: handed.id,
          type: "voip",
          payload: handed.payload,
        });
      return await line.request("messagingService.onMessageReceived", { message: fcmMessage(handed, clock) });
    };
    return {
      device: line.device,
      platform,
      get token() {
        return token;
      },
      start,
      async deliver(handed) {
        const started = line.isLaunched() ? await starting : await start("push");
        return started === undefined || started.kind === "result" ? await handOver(handed) : started;
      },
      async rotateToken() {
        token = issueToken(platform);
        knowsToken = false;
        if (line.isLaunched()) await handToken();
        return token;
      },
      terminate: async (reason) => await line.request("device.terminate", { reason }),
      async release() {
        const at = devices.findIndex(({ device }) => device === line.device);
        if (at >= 0) devices.splice(at, 1);
        await line.release();
      },
    };
  }

  return {
    launch,
    devices,
    async close() {
      await Promise.all([...devices].map(async (device) => await device.release()));
    },
  };
}

type LaunchReason = HarnessRequests["device.launch"]["params"]["reason"];

function fcmMessage(
  { id, payload, priority = "high", originalPriority = priority, sentTimeMs, ttlMs, collapseKey }: HandedPush,
  clock: Clock,
): HarnessRequests["messagingService.onMessageReceived"]["params"]["message"] {
  const entries = Object.entries(typeof payload === "object" && payload !== null ? payload : {});
  return {
    messageId: id,
    data: Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string")),
    priority,
    originalPriority,
    sentTime: Math.round(sentTimeMs ?? clock.epochMs + clock.now()),
    ttlMs: ttlMs ?? FCM_DEFAULT_TTL_MS,
    ...(collapseKey === undefined ? {} : { collapseKey }),
  };
}
