/**
 * React Native apps without a phone: an app that stands on react-native-callkeep, react-native-voip-push-notification and
 * @react-native-firebase/messaging runs in Node, against a simulated phone.
 */
export { reactNative, type ReactNativePlugin, type ReactNativePluginOptions } from "./vitest-plugin.ts";
export {
  simulatedPhone,
  type PhoneCall,
  type PhoneEvent,
  type SimulatedPhone,
  type SimulatedPhoneOptions,
} from "./simulated-phone.ts";
export type { PhoneUser } from "./phone-user.ts";
export type { CrossedMessage, PlaceCallOptions, PlacedCall, SimulatedSip } from "./simulated-sip.ts";
export type { EventLog } from "./event-log.ts";
export {
  createReactNativeAdapter,
  type ReactNativeAdapter,
  type ReactNativeAdapterOptions,
} from "./react-native-adapter.ts";
export { serveReactNativeApp } from "./serve-stdio.ts";
export type {
  AdapterSurroundings,
  AppEvent,
  AppLaunch,
  NotificationAction,
  ReactNativeAppOptions,
  ReactNativeNumbers,
} from "./app-options.ts";
export type { AppDelegate, PushedCallKeys } from "./native/app-delegate.ts";
export type { MessagingService } from "./native/messaging-service.ts";
export type { NativeSide, OsReply } from "./native/native-side.ts";
export type { AppStateName, NativeModule, ShownAlert } from "./native-host.ts";
