import type { NotificationId } from "../../../harness/trace/android-event.ts";
import type { CallRef } from "../../../harness/trace/trace-event.ts";
import { handleAddress } from "../../ios/handle-address.ts";
import type { CallPersona } from "../identities.ts";

/** Says which call of the plan one phone's app and system mean, whatever they call it. */
export interface CallNames {
  /** A push about that call was sent to the phone, or its INVITE. */
  involved(call: CallRef): void;
  /** A push about that call was sent. */
  pushed(push: string, call: CallRef): void;
  /** The app was handed that push, or is done with it. */
  handed(push: string): void;
  returned(push: string): void;
  /** The app says something, which may give a call a name. To be told before the system hears it. */
  heard(method: string, params: unknown): void;
  /** The system makes an action of a call. */
  acted(action: string, callUUID: string): void;
  /** The call that a message or event is about; undefined where it names none that is known. */
  callOf(named: NamedCall): CallRef | undefined;
}

/** Members by which messages and events name a call, the one that says most first. */
export interface NamedCall {
  readonly callUUID?: unknown;
  readonly uuid?: unknown;
  readonly connectionId?: unknown;
  readonly notificationId?: unknown;
  readonly actionId?: unknown;
  readonly action?: unknown;
  readonly pushId?: unknown;
  readonly push?: unknown;
  readonly message?: unknown;
}

/** Methods by which an app gives a call a name of its own. */
const namingMethods = new Set([
  "provider.reportNewIncomingCall",
  "telecom.addNewIncomingCall",
  "callsManager.addCall",
  "media.started",
]);

/**
 * A name is that of the call whose payload carries it; else of the call whose caller the app names with it; else of the call that a push
 * being handed over is about; else of the only call on the phone that has none yet, or the only one at all.
 */
export function callNames(personas: readonly CallPersona[]): CallNames {
  const names = new Map<string, CallRef>();
  const notifications = new Map<string, CallRef>();
  /** Taken away; the same id may come again for another call. */
  const cancelled = new Set<string>();
  const actions = new Map<string, CallRef>();
  const pushes = new Map<string, CallRef>();
  const underWay: string[] = [];
  const here: CallRef[] = [];

  function involved(call: CallRef): void {
    if (!here.includes(call)) here.push(call);
  }

  function byKey(text: string): CallRef | undefined {
    return personas.find(({ push: { callUUID, callId, hint } }) => [callUUID, callId, hint].includes(text))?.ref;
  }

  function byCaller(handle: unknown): CallRef | undefined {
    if (typeof handle !== "string") return undefined;
    const address = handleAddress(handle);
    const user = userPart(address);
    const [only, ...others] = personas.filter(({ callerUser }) => {
      const own = handleAddress(callerUser);
      return own === address || own === user;
    });
    return others.length === 0 ? only?.ref : undefined;
  }

  function byElimination(): CallRef | undefined {
    const push = underWay.at(-1);
    const pushed = push === undefined ? undefined : pushes.get(push);
    if (pushed !== undefined) return pushed;
    const taken = new Set(names.values());
    const [nameless, ...more] = here.filter((call) => !taken.has(call));
    if (nameless !== undefined && more.length === 0) return nameless;
    return here.length === 1 ? here[0] : undefined;
  }

  function name(id: string, handle: unknown): void {
    if (names.has(id)) return;
    const call = byKey(id) ?? byCaller(handle) ?? byElimination();
    if (call !== undefined) names.set(id, call);
  }

  function post(id: NotificationId): void {
    const key = keyOf(id);
    const text = String(id).toLowerCase();
    if (cancelled.delete(key)) notifications.delete(key);
    const call = names.get(text) ?? byKey(text) ?? notifications.get(key) ?? byNotification();
    if (call !== undefined) notifications.set(key, call);
  }

  /** Of calls without a name of their own, as an app without Telecom has them, the one that no other notification is about. */
  function byNotification(): CallRef | undefined {
    const push = underWay.at(-1);
    const pushed = push === undefined ? undefined : pushes.get(push);
    const taken = new Set(notifications.values());
    const newest = [...names.values()].findLast((call) => !taken.has(call));
    return newest ?? pushed ?? here.findLast((call) => !taken.has(call)) ?? here.at(-1);
  }

  return {
    involved,
    pushed(push, call) {
      pushes.set(push, call);
      involved(call);
    },
    handed: (push) => void underWay.push(push),
    returned(push) {
      const at = underWay.indexOf(push);
      if (at >= 0) underWay.splice(at, 1);
    },
    heard(method, params) {
      const said = recordOf(params);
      if (namingMethods.has(method)) {
        const id = textOf(said["uuid"] ?? said["connectionId"] ?? said["callUUID"]);
        const handle = recordOf(recordOf(said["update"])["remoteHandle"])["value"] ?? said["handle"];
        if (id !== undefined) name(id, handle);
      }
      const { notificationId } = said as NamedCall;
      if (!isNotificationId(notificationId)) return;
      if (method === "notification.post") post(notificationId);
      if (method === "notification.cancel") cancelled.add(keyOf(notificationId));
    },
    acted(action, callUUID) {
      const call = names.get(callUUID);
      if (call !== undefined) actions.set(action, call);
    },
    callOf(named) {
      const id = textOf(named.callUUID ?? named.uuid ?? named.connectionId);
      const own = id === undefined ? undefined : names.get(id);
      if (own !== undefined) return own;
      if (isNotificationId(named.notificationId)) return notifications.get(keyOf(named.notificationId));
      const action = named.actionId ?? named.action;
      if (typeof action === "string") return actions.get(action);
      // `provider.perform` carries the whole action.
      if (typeof action === "object" && action !== null) {
        const callUUID = textOf((action as NamedCall).callUUID);
        return callUUID === undefined ? undefined : names.get(callUUID);
      }
      const push = named.pushId ?? named.push ?? recordOf(named.message)["messageId"];
      return typeof push === "string" ? pushes.get(push) : undefined;
    },
  };
}

function isNotificationId(value: unknown): value is NotificationId {
  return typeof value === "string" || typeof value === "number";
}

function keyOf(id: NotificationId): string {
  return JSON.stringify(id);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value.toLowerCase() : undefined;
}

function userPart(address: string): string {
  const at = address.lastIndexOf("@");
  return at < 0 ? address : address.slice(0, at);
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
