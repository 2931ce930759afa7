import { onTestFinished } from "vitest";
import type { AppLaunch } from "../app-options.ts";
import { simulatedPhone, type SimulatedPhone, type SimulatedPhoneOptions } from "../simulated-phone.ts";

type Listener = (event: never) => void;
type Call = (...args: readonly unknown[]) => unknown;

/** The packages as an app imports them, as far as the tests use them. */
export interface Packages {
  readonly callKeep: {
    readonly addEventListener: (type: string, listener: Listener) => { remove(): void };
    readonly removeEventListener: (type: string) => void;
    readonly setup: (options: unknown) => Promise<unknown>;
  } & { readonly [method: string]: Call };
  readonly constants: { readonly END_CALL_REASONS: Readonly<Record<string, number>> };
  readonly voipPush: { readonly [method: string]: Call } & {
    readonly addEventListener: (type: string, listener: Listener) => void;
  };
  readonly messaging: { readonly [method: string]: Call };
  readonly reactNative: {
    readonly AppState: {
      readonly currentState: string;
      readonly addEventListener: (type: string, listener: Listener) => unknown;
    };
    readonly NativeModules: Readonly<Record<string, Readonly<Record<string, Call>>>>;
    readonly Platform: { readonly OS: string; readonly Version: unknown; readonly select: Call };
    readonly Alert: { readonly alert: Call };
  };
}

// By names the compiler does not follow: these packages have no types, or types of a React Native that is not installed.
const names = {
  callKeep: "react-native-callkeep",
  voipPush: "react-native-voip-push-notification",
  messaging: "@react-native-firebase/messaging",
  reactNative: "react-native",
};

/** A phone with an app of a few lines on it: `app` runs at every launch. */
export async function phoneWith<P extends "ios" | "android">(
  platform: P,
  app: (packages: Packages, launch: AppLaunch) => unknown,
  options: Partial<SimulatedPhoneOptions<P>> = {},
): Promise<SimulatedPhone<P>> {
  const phone = await simulatedPhone<P>({
    platform,
    async app(launch) {
      const callKeep = (await import(names.callKeep)) as { readonly default: never; readonly CONSTANTS: never };
      const packages = {
        callKeep: callKeep.default,
        constants: callKeep.CONSTANTS,
        voipPush: platform === "ios" ? ((await import(names.voipPush)) as { default: never }).default : {},
        messaging: await import(names.messaging),
        reactNative: await import(names.reactNative),
      } as unknown as Packages;
      await app(packages, launch);
    },
    ...options,
  });
  onTestFinished(async () => await phone.close());
  return phone;
}

export const androidSetup = { android: { selfManaged: true, alertTitle: "", alertDescription: "" } };

/** What the app was told, and how to wait for so many. */
export function heard(): { readonly all: unknown[]; push(event: unknown): void; count(wanted: number): Promise<void> } {
  const all: unknown[] = [];
  let look = (): void => {};
  return {
    all,
    push(event) {
      all.push(event);
      look();
    },
    async count(wanted) {
      await new Promise<void>((resolve) => {
        look = () => {
          if (all.length >= wanted) resolve();
        };
        look();
      });
    },
  };
}

export const uuid = "6f1ad0a1-0001-4000-8000-00000000000a";
