import { liveClock } from "../../harness/clock/clock.ts";
import type { Platform } from "../../harness/trace/trace-event.ts";
import { rpcCodes } from "../device-link/json-rpc.ts";
import { messageDefinition, type AppFacts, type LinkProfile } from "../device-link/messages.ts";
import { linkProfile, PROTOCOL } from "../device-link/process-messages.ts";
import { whyInvalid } from "../device-link/why-invalid.ts";
import type { AdapterSurroundings, ReactNativeAppOptions } from "./app-options.ts";
import { appPeer, type AppAnswer } from "./app-peer.ts";
import { appProcess, type AppProcess } from "./app-process.ts";
import { freshModules } from "./fresh-modules.ts";

export interface ReactNativeAdapterOptions extends ReactNativeAppOptions {
  /** What the report says was tested. @default { name: "a React Native app", version: "0" } */
  readonly app?: AppFacts["app"];
  /** @default ["ws"] */
  readonly transports?: AppFacts["transports"];
  /** What the app declares of itself: video, outgoing, ... @default [] */
  readonly features?: readonly string[];
}

/** A React Native app as a target of the device link: what it is sent, and where what it says goes. */
export interface ReactNativeAdapter {
  /** Takes one message of RingTrue's. */
  receive(text: string): void;
  /** Ends every process of the app. */
  close(): void;
}

/**
 * Makes an adapter (DEVICE-LINK section 1) of an app that stands on react-native-callkeep, react-native-voip-push-notification and
 * @react-native-firebase/messaging. Its JavaScript runs as it is; the native modules below those packages, and what an AppDelegate
 * or a messaging service does, are simulated. Each device has a module graph of its own.
 *
 * @param send Hands one message to RingTrue.
 */
export function createReactNativeAdapter(
  options: ReactNativeAdapterOptions,
  send: (text: string) => void,
  surroundings: Partial<AdapterSurroundings> = {},
): ReactNativeAdapter {
  const { clock = liveClock(), onEvent = () => {} } = surroundings;
  const parts: AdapterSurroundings = { clock, onEvent, freshModules: surroundings.freshModules ?? freshModules };
  const peer = appPeer(send, handle);
  /** What each device has on disk. */
  const disks = new Map<string, Map<string, unknown>>();
  let profile: LinkProfile | undefined;
  const running = new Map<string, AppProcess>();
  const platforms: Platform[] = [
    ...(options.appDelegate === undefined ? [] : (["ios"] as const)),
    ...(options.messagingService === undefined ? [] : (["android"] as const)),
  ];

  function handle(method: string, params: unknown): AppAnswer | Promise<AppAnswer> {
    const definition = messageDefinition(method);
    if (definition?.from !== "harness") return refused(rpcCodes.methodNotFound, `There is no ${method}.`);
    const read = definition.params.safeParse(params);
    if (!read.success) return refused(rpcCodes.invalidParams, whyInvalid(read.error, "params"));
    if (method === "initialize") return initialize(read.data["profile"]);
    const device = String(read.data["device"]);
    if (method === "device.launch") return launch(device, read.data);
    const process = running.get(device);
    if (process === undefined) return refused(rpcCodes.deviceNotLaunched, `${device} is not launched.`);
    if (method !== "device.terminate") return process.handle(method, read.data);
    process.terminate();
    running.delete(device);
    return { result: {} };
  }

  function initialize(asked: unknown): AppAnswer {
    profile = linkProfile.parse(asked);
    const facts: AppFacts = {
      protocol: PROTOCOL,
      app: options.app ?? { name: "a React Native app", version: "0" },
      platforms: platforms.length === 0 ? ["ios"] : platforms,
      transports: options.transports ?? ["ws"],
      telecom: "self-managed",
      features: options.features ?? [],
    };
    return { result: facts };
  }

  function launch(device: string, params: unknown): AppAnswer {
    if (running.has(device)) return refused(rpcCodes.invalidParams, `${device} is launched already.`);
    if (profile === undefined) return refused(rpcCodes.invalidParams, "initialize comes first.");
    const launched = params as Parameters<typeof appProcess>[0]["launch"];
    if (!platforms.includes(launched.platform))
      return refused(rpcCodes.notSupported, `The app has no native side for ${launched.platform}.`);
    const storage = disks.get(device) ?? new Map<string, unknown>();
    disks.set(device, storage);
    const process = appProcess({
      app: options,
      surroundings: parts,
      peer,
      launch: launched,
      profile,
      storage,
      onDeath: () => void running.delete(device),
    });
    running.set(device, process);
    return { result: {} };
  }

  return {
    receive: (text) => peer.receive(text),
    close() {
      for (const process of running.values()) process.terminate();
      running.clear();
    },
  };
}

function refused(code: number, message: string): AppAnswer {
  return { error: { code, message } };
}
