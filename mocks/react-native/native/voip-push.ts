import type { NativeModule } from "../native-host.ts";
import { bridgedModule } from "./bridge.ts";
import type { NativeSide } from "./native-side.ts";
import { observed } from "./observed.ts";

/** The Objective-C side of react-native-voip-push-notification 3.3.3 (`RNVoipPushNotificationManager.m`). */
export interface VoipPush {
  readonly module: NativeModule;
  /** `voipRegistration`: the push registry gets its delegate; later calls hand over the last token again. */
  register(): void;
  /** Runs now, or once there is a push registry with a delegate: until then PushKit calls nobody. */
  whenRegistered(task: () => void): void;
  didUpdatePushCredentials(token: string): void;
  didReceiveIncomingPush(payload: unknown): void;
  /** Kept until JavaScript calls `onVoipNotificationCompleted`; the same UUID again replaces it. */
  addCompletionHandler(uuid: string, completion: () => void): void;
}

export function voipPush(native: NativeSide): VoipPush {
  const completions = new Map<string, () => void>();
  /** Never cleared, and delivered again whenever listening begins anew. */
  const delayed: { readonly name: string; readonly data: unknown }[] = [];
  let waiting: (() => void)[] = [];
  let isObserved = false;
  let isRegistered = false;
  let lastToken = "";

  const observer = observed(native, {
    startObserving() {
      isObserved = true;
      if (delayed.length > 0) observer.send("RNVoipPushDidLoadWithEvents", delayed);
    },
    // It has no stopObserving: what comes after the last listener went is lost.
  });
  const send = (name: string, data: unknown): void => {
    if (isObserved) observer.send(name, data);
    else delayed.push({ name, data });
  };

  function register(): void {
    if (isRegistered) return send("RNVoipPushRemoteNotificationsRegisteredEvent", lastToken);
    isRegistered = true;
    const due = waiting;
    waiting = [];
    for (const task of due) task();
  }

  return {
    module: bridgedModule(native.runtime, {
      calls: {
        ...observer.calls,
        registerVoipToken: register,
        onVoipNotificationCompleted(uuid: string) {
          const completion = completions.get(uuid);
          completions.delete(uuid);
          if (completion === undefined) native.log(`onVoipNotificationCompleted: ${uuid} is not known.`);
          else completion();
        },
      },
    }),
    register,
    whenRegistered(task) {
      if (isRegistered) task();
      else waiting.push(task);
    },
    didUpdatePushCredentials(token) {
      lastToken = token;
      send("RNVoipPushRemoteNotificationsRegisteredEvent", token);
    },
    didReceiveIncomingPush: (payload) => send("RNVoipPushRemoteNotificationReceivedEvent", payload),
    addCompletionHandler: (uuid, completion) => void completions.set(uuid, completion),
  };
}
