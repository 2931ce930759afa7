import type { Platform } from "../../../harness/trace/trace-event.ts";
import type { NativeModule } from "../native-host.ts";
import { bridgedModule } from "./bridge.ts";
import type { NativeSide } from "./native-side.ts";

/** The native side of @react-native-firebase/app and /messaging 26.4: three TurboModules. */
export interface Firebase {
  readonly turboModules: Readonly<Record<string, NativeModule>>;
  /** `FirebaseMessagingService.onNewToken`. Firebase keeps the token on disk. */
  onNewToken(token: string): void;
  /** An event of `ReactNativeFirebaseEventEmitter`: it waits for JavaScript that is ready and listens. */
  sendEvent(name: string, body: unknown): void;
}

const TOKEN = "fcm-token";

const app = {
  appConfig: { name: "[DEFAULT]", automaticDataCollectionEnabled: false, automaticResourceManagement: false },
  options: {
    apiKey: "simulated",
    appId: "1:1234567890:simulated",
    databaseURL: "https://simulated.invalid",
    messagingSenderId: "1234567890",
    projectId: "simulated",
    storageBucket: "simulated.invalid",
  },
};

const AUTHORIZED = 1;

/** `isHeadless`: JavaScript was started without anything to see. */
export function firebase(native: NativeSide, platform: Platform, isHeadless: () => boolean): Firebase {
  const listened = new Map<string, number>();
  let queued: { readonly name: string; readonly body: unknown }[] = [];
  let isReady = false;
  let waiting: ((token: string) => void)[] = [];

  const token = (): string | undefined => native.storage.get(TOKEN) as string | undefined;
  function sendEvent(name: string, body: unknown): void {
    if (isReady && (listened.get(name) ?? 0) > 0) native.emit(`rnfb_${name}`, body);
    else queued.push({ name, body });
  }
  function sendQueued(): void {
    const due = queued;
    queued = [];
    for (const { name, body } of due) sendEvent(name, body);
  }

  const appModule = bridgedModule(native.runtime, {
    calls: {
      addListener() {},
      removeListeners() {},
      setAutomaticDataCollectionEnabled() {},
      setLogLevel() {},
      eventsNotifyReady(ready: boolean) {
        isReady = ready;
        sendQueued();
      },
      eventsAddListener(name: string) {
        listened.set(name, (listened.get(name) ?? 0) + 1);
        sendQueued();
      },
      eventsRemoveListener(name: string, all: boolean) {
        listened.set(name, all ? 0 : Math.max((listened.get(name) ?? 0) - 1, 0));
      },
    },
    asks: {
      initializeApp: (options: unknown, appConfig: unknown) => ({ options, appConfig }),
      deleteApp: () => null,
      eventsGetListeners: () => ({
        listeners: listened.size,
        queued: queued.length,
        events: Object.fromEntries(listened),
      }),
      eventsPing: (eventName: string, eventBody: unknown) => ({ eventName, eventBody }),
      metaGetAll: () => ({}),
      jsonGetAll: () => ({}),
      preferencesSetBool: () => null,
      preferencesSetString: () => null,
      preferencesGetAll: () => ({}),
      preferencesClearAll: () => null,
    },
    constants: { getConstants: () => ({ NATIVE_FIREBASE_APPS: [app], FIREBASE_RAW_JSON: "{}" }) },
  });

  const messaging = bridgedModule(native.runtime, {
    calls: { signalBackgroundMessageHandlerSet() {}, completeNotificationProcessing() {} },
    asks: {
      getToken: async () => token() ?? (await new Promise<string>((resolve) => waiting.push(resolve))),
      deleteToken: () => void native.storage.delete(TOKEN),
      getInitialNotification: () => null,
      getDidOpenSettingsForNotification: () => false,
      getIsHeadless: isHeadless,
      setAutoInitEnabled() {},
      // The token of ordinary notifications; calls come by PushKit.
      getAPNSToken: () => null,
      setAPNSToken() {},
      requestPermission: () => AUTHORIZED,
      hasPermission: () => AUTHORIZED,
      registerForRemoteNotifications() {},
      unregisterForRemoteNotifications() {},
      sendMessage() {},
      subscribeToTopic() {},
      unsubscribeFromTopic() {},
      setDeliveryMetricsExportToBigQuery() {},
      setNotificationDelegationEnabled() {},
      isNotificationDelegationEnabled: () => false,
    },
    constants: {
      getConstants: () => ({
        isAutoInitEnabled: true,
        isDeliveryMetricsExportToBigQueryEnabled: false,
        isRegisteredForRemoteNotifications: true,
        isNotificationDelegationEnabled: false,
      }),
    },
  });

  const utils = bridgedModule(native.runtime, {
    asks: {
      androidGetPlayServicesStatus: () => ({
        isAvailable: true,
        status: 0,
        hasResolution: false,
        isUserResolvableError: false,
      }),
      androidPromptForPlayServices() {},
      androidResolutionForPlayServices() {},
      androidMakePlayServicesAvailable() {},
    },
    constants: { getConstants: () => ({ isRunningInTestLab: false }) },
  });

  return {
    turboModules: {
      NativeRNFBTurboApp: appModule,
      NativeRNFBTurboMessaging: messaging,
      NativeRNFBTurboUtils: utils,
    },
    onNewToken(next) {
      native.storage.set(TOKEN, next);
      const due = waiting;
      waiting = [];
      for (const resolve of due) resolve(next);
      // On iOS the token belongs to ordinary notifications, of which no calls are made.
      if (platform === "android") sendEvent("messaging_token_refresh", { token: next });
    },
    sendEvent,
  };
}
