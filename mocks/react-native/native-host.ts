import type { Platform } from "../../harness/trace/trace-event.ts";
import { UsageError } from "../../harness/errors.ts";
import type { JsRuntime } from "./js-runtime.ts";

/** What a native module shows to JavaScript: methods and constants by name. */
export type NativeModule = Readonly<Record<string, unknown>>;

/** `AppState.currentState` (React Native, "AppState"). */
export type AppStateName = "active" | "background" | "inactive";

/** A headless task as `AppRegistry.registerHeadlessTask` takes it. */
export type HeadlessTaskProvider = () => (data: unknown) => Promise<unknown>;

/** The native side of one launch as the `react-native` shim finds it when the app's module graph is evaluated. */
export interface NativeHost {
  readonly platform: Platform;
  /** iOS: a string such as "18.0". Android: the API level (React Native, "Platform"). */
  readonly version: string | number;
  readonly runtime: JsRuntime;
  /** Old modules by their names, those of the app's own too. */
  readonly modules: Readonly<Record<string, NativeModule>>;
  readonly turboModules: Readonly<Record<string, NativeModule>>;
  readonly headlessTasks: Map<string, HeadlessTaskProvider>;
  appState(): AppStateName;
  /** Where events for JavaScript go from now on: the emitter of this module graph. */
  attach(emit: (event: string, body: unknown) => void): void;
  /** `Alert.alert` was called. Nobody taps a button unless a test does. */
  alerted(alert: ShownAlert): void;
  opened(url: string): void;
}

export interface ShownAlert {
  readonly title: string;
  readonly message?: string;
  readonly buttons: readonly { readonly text?: string; readonly onPress?: () => void }[];
}

const HOST = Symbol.for("ringtrue.react-native.host");

/** From now on the shim that is loaded belongs to that launch. */
export function installHost(host: NativeHost | undefined): void {
  (globalThis as Record<symbol, unknown>)[HOST] = host;
}

/** @throws UsageError `no-simulated-phone` outside a launch. */
export function currentHost(): NativeHost {
  const host = (globalThis as Record<symbol, unknown>)[HOST] as NativeHost | undefined;
  if (host === undefined)
    throw new UsageError(
      "no-simulated-phone",
      "react-native was imported outside a simulated phone. Import the app in the `app` function of simulatedPhone, which runs at each launch.",
    );
  return host;
}
