import type { Clock } from "../../harness/clock/clock.ts";
import type { Platform } from "../../harness/trace/trace-event.ts";
import type { AppRequests, LinkAccount, LinkProfile } from "../device-link/messages.ts";
import type { AppStateName, NativeModule, ShownAlert } from "./native-host.ts";
import type { AppDelegate } from "./native/app-delegate.ts";
import type { MessagingService } from "./native/messaging-service.ts";
import type { NativeSide } from "./native/native-side.ts";

/** What `loadApp` is called with: what a real app would have on disk, in its build or from its media engine. */
export interface AppLaunch {
  readonly platform: Platform;
  readonly reason: "user" | "push" | "boot";
  /** Null: nobody is logged in. */
  readonly account: LinkAccount | null;
  /** What `pn-provider` and `pn-param` must say. */
  readonly push: { readonly provider: string; readonly param: string };
  /** The vendor dialect of the run. A real app has one of its own and ignores it. */
  readonly profile: LinkProfile;
  /** For the stub of the media engine: microphone or speaker is in use for the call, or no longer. */
  readonly media: { started(callUUID: string): void; stopped(callUUID: string): void };
  /** Called with another account, or null for a log-out, while the app runs. Replaces the listener before. */
  onAccount(listener: (account: LinkAccount | null) => void): void;
  /** Called when the network goes or comes back; the packages here bring no module for that. Replaces the listener before. */
  onNetwork(listener: (network: { readonly reachable: boolean; readonly interface?: string }) => void): void;
}

/** Which button of which notification. */
export type NotificationAction = { readonly notificationId: number | string; readonly action: string };

export interface ReactNativeAppOptions {
  /** Imports the app's entry file, as Metro's bundle would run it. Called at every launch, in a module graph of its own. */
  readonly loadApp: (launch: AppLaunch) => unknown;
  /** The native side on iOS. @default absent: the app has no iOS build */
  readonly appDelegate?: AppDelegate;
  /** The native side on Android. @default absent: the app has no Android build */
  readonly messagingService?: MessagingService;
  /**
   * Native modules of the app's own, by name: what JavaScript finds in `NativeModules`. Their methods are called directly; `native`
   * is their way to the operating system and to JavaScript.
   */
  readonly nativeModules?: (native: NativeSide, platform: Platform) => Readonly<Record<string, NativeModule>>;
  /** Android: the user tapped a button of a notification that a module of `nativeModules` has posted. */
  readonly onNotificationAction?: (tapped: NotificationAction, native: NativeSide) => void;
  /** What the manifest says of callkeep's `VoiceConnectionService`. @default ["microphone"] */
  readonly foregroundServiceTypes?: AppRequests["service.startForeground"]["params"]["types"];
  readonly os?: Partial<ReactNativeNumbers>;
}

/** The numbers of an app's start and background work. */
export interface ReactNativeNumbers {
  /**
   * From the native launch code to the evaluation of the app's JavaScript. Real phones take 1.5 to 4 s from a cold start. Unverified.
   *
   * @default 1500
   */
  readonly jsBootMs: number;
  /** After which a headless task is given up (React Native Firebase, `messaging_android_headless_task_timeout`). @default 60_000 */
  readonly headlessTaskMs: number;
}

export const defaultReactNativeNumbers: ReactNativeNumbers = { jsBootMs: 1500, headlessTaskMs: 60_000 };

/** What happens within the app's process. `js.event`: a native event reached JavaScript. */
export type AppEvent =
  | { readonly kind: "js.loaded" }
  | { readonly kind: "js.event"; readonly name: string; readonly body: unknown }
  | { readonly kind: "js.state"; readonly state: AppStateName }
  | { readonly kind: "native.log"; readonly message: string }
  | { readonly kind: "alert.shown"; readonly alert: ShownAlert }
  | { readonly kind: "url.opened"; readonly url: string }
  | { readonly kind: "app.crashed"; readonly message: string };

/** What an adapter gets from whoever runs it. */
export interface AdapterSurroundings {
  readonly clock: Clock;
  /** Makes the next import of the app's modules evaluate them anew. */
  readonly freshModules: () => void | Promise<void>;
  /** Must not throw. */
  readonly onEvent: (event: AppEvent) => void;
}
