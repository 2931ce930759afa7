import { currentHost, type HeadlessTaskProvider, type NativeModule, type ShownAlert } from "../native-host.ts";
import EventEmitter, { type EmitterSubscription } from "./event-emitter.ts";
import { nativeEventEmitterOn } from "./native-event-emitter.ts";

/**
 * What stands in for `react-native` while an app runs on a simulated phone: what calling packages touch below their own
 * JavaScript, and nothing that draws. One copy of it belongs to one launch.
 */
const host = currentHost();
const isIos = host.platform === "ios";

export const DeviceEventEmitter = new EventEmitter();
export const NativeEventEmitter = nativeEventEmitterOn(DeviceEventEmitter, isIos);
export const NativeModules: Readonly<Record<string, NativeModule>> = host.modules;

export const Platform = {
  OS: host.platform,
  Version: host.version,
  isTesting: false,
  select: <T>(choices: { readonly ios?: T; readonly android?: T; readonly native?: T; readonly default?: T }) =>
    (isIos ? choices.ios : choices.android) ?? choices.native ?? choices.default,
};

export const TurboModuleRegistry = {
  get: (name: string): NativeModule | null => host.turboModules[name] ?? host.modules[name] ?? null,
  getEnforcing(name: string): NativeModule {
    const module = TurboModuleRegistry.get(name);
    if (module === null)
      throw new TypeError(
        `TurboModuleRegistry.getEnforcing(...): '${name}' could not be found on the simulated phone.`,
      );
    return module;
  },
};

export const AppRegistry = {
  registerHeadlessTask(key: string, provider: HeadlessTaskProvider): void {
    host.headlessTasks.set(key, provider);
  },
  /** Nothing is drawn: the code of components does not run. */
  registerComponent: (name: string, _provider: () => unknown): string => name,
};

let appState = host.appState();

export const AppState = {
  isAvailable: true,
  get currentState() {
    return appState;
  },
  addEventListener: (type: string, listener: (state: unknown) => void): EmitterSubscription =>
    DeviceEventEmitter.addListener(`appState.${type}`, listener),
};

export const Alert = {
  alert(title: string, message?: string, buttons: ShownAlert["buttons"] = []): void {
    host.alerted({ title, buttons, ...(message === undefined ? {} : { message }) });
  },
};

export const Linking = {
  addEventListener: (type: string, listener: (event: unknown) => void): EmitterSubscription =>
    DeviceEventEmitter.addListener(`linking.${type}`, listener),
  getInitialURL: async (): Promise<string | null> => null,
  canOpenURL: async (): Promise<boolean> => true,
  openURL: async (url: string): Promise<void> => host.opened(url),
  openSettings: async (): Promise<void> => host.opened("app-settings:"),
};

/** Every permission has been given. */
export const PermissionsAndroid = {
  PERMISSIONS: {
    CALL_PHONE: "android.permission.CALL_PHONE",
    POST_NOTIFICATIONS: "android.permission.POST_NOTIFICATIONS",
    READ_PHONE_NUMBERS: "android.permission.READ_PHONE_NUMBERS",
    READ_PHONE_STATE: "android.permission.READ_PHONE_STATE",
    RECORD_AUDIO: "android.permission.RECORD_AUDIO",
    CAMERA: "android.permission.CAMERA",
  },
  RESULTS: { GRANTED: "granted", DENIED: "denied", NEVER_ASK_AGAIN: "never_ask_again" },
  check: async (_permission: string): Promise<boolean> => true,
  request: async (_permission: string): Promise<string> => "granted",
  requestMultiple: async (permissions: readonly string[]): Promise<Readonly<Record<string, string>>> =>
    Object.fromEntries(permissions.map((permission) => [permission, "granted"])),
};

export default {
  Alert,
  AppRegistry,
  AppState,
  DeviceEventEmitter,
  Linking,
  NativeEventEmitter,
  NativeModules,
  PermissionsAndroid,
  Platform,
  TurboModuleRegistry,
};

host.attach((event, body) => {
  // The state is another before its listeners hear of it.
  if (event === "appState.change") appState = body as typeof appState;
  DeviceEventEmitter.emit(event, body);
});
