import type { NotificationId } from "../../../harness/trace/android-event.ts";
import type { CallRef } from "../../../harness/trace/trace-event.ts";
import { userOf } from "../../../harness/wire/sip-uri.ts";
import { handleAddress } from "../../ios/handle-address.ts";
import type { CallPersona } from "../identities.ts";

/** Says which call of the plan one phone's app and system mean, whatever they call it. */
export interface CallNames {
  /** A push about that call was sent to the phone, or its INVITE. */
  involved(call: CallRef): void;
  /** A push about that call was sent. */
  pushed(push: string, call: CallRef): void;
  /** The user answered it. */
  answered(call: CallRef): void;
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
 * being handed over is about; else of the first call on the phone that has none yet, or the only one at all. `isOver`: at the caller's
 * side.
 */
export function callNames(personas: readonly CallPersona[], isOver: (call: CallRef) => boolean): CallNames {
  const names = new Map<string, CallRef>();
  const notifications = new Map<string, CallRef>();
  /** Taken away; the same id may come again for another call. */
  const cancelled = new Set<string>();
  const actions = new Map<string, CallRef>();
  const pushes = new Map<string, CallRef>();
  const underWay: string[] = [];
  const here: CallRef[] = [];
  const answered = new Set<CallRef>();

  function involved(call: CallRef): void {
    if (!here.includes(call)) here.push(call);
  }

  function byKey(text: string): CallRef | undefined {
    return personas.find(({ push: { callUUID, callId, hint } }) => [callUUID, callId, hint].includes(text))?.ref;
  }

  /** The calls whose caller a handle means. */
  function calledBy(handle: unknown): readonly CallRef[] {
    if (typeof handle !== "string") return [];
    const address = handleAddress(handle);
    const user = userPart(address);
    return personas
      .filter(({ callerUser, callerUri }) =>
        [callerUser, userOf(callerUri) ?? ""].map(handleAddress).some((own) => own === address || own === user),
      )
      .map(({ ref }) => ref);
  }

  function byCaller(handle: unknown): CallRef | undefined {
    const [one, ...others] = calledBy(handle);
    return others.length === 0 ? one : undefined;
  }

  /** The calls on the phone that have no such name yet, those that are over last. */
  function nameless(named: ReadonlyMap<unknown, CallRef>): readonly CallRef[] {
    const taken = new Set(named.values());
    const free = here.filter((call) => !taken.has(call));
    const live = free.filter((call) => !isOver(call));
    return live.length > 0 ? live : free;
  }

  /** The calls of the pushes under way. */
  function pushedNow(): readonly CallRef[] {
    return underWay.flatMap((push) => pushes.get(push) ?? []);
  }

  /** Handlers start in the order of the messages: the first of several under way whose call has no such name yet. */
  function byNewPush(named: ReadonlyMap<unknown, CallRef>): CallRef | undefined {
    const taken = new Set(named.values());
    return pushedNow().find((call) => !taken.has(call));
  }

  function name(id: string, handle: unknown, method: string): void {
    if (names.has(id)) return;
    const call =
      byKey(id) ??
      byCaller(handle) ??
      (method === "media.started" ? byAnswer(id) : (byNewPush(names) ?? pushedNow().at(-1))) ??
      byTurn(handle);
    if (call !== undefined) names.set(id, call);
  }

  /** Apps name calls in the order in which those came. */
  function byTurn(handle: unknown): CallRef | undefined {
    const free = nameless(names);
    const called = calledBy(handle);
    return free.find((call) => called.includes(call)) ?? free[0] ?? (here.length === 1 ? here[0] : undefined);
  }

  /** Of an app without Telecom, which names its calls first when it has media on. */
  function byAnswer(id: string): CallRef | undefined {
    const posted = [...notifications].find(([key]) => key.toLowerCase() === keyOf(id));
    return posted?.[1] ?? nameless(names).findLast((call) => answered.has(call));
  }

  function post(id: NotificationId): void {
    const key = keyOf(id);
    const text = String(id).toLowerCase();
    if (cancelled.delete(key)) notifications.delete(key);
    const call = names.get(text) ?? byKey(text) ?? notifications.get(key) ?? byNotification();
    if (call !== undefined) notifications.set(key, call);
  }

  /** Of the newest call in Telecom that no other notification is about; without Telecom, of the one that came first. */
  function byNotification(): CallRef | undefined {
    const taken = new Set(notifications.values());
    const inTelecom = [...names.values()].findLast((call) => !taken.has(call));
    return inTelecom ?? byNewPush(notifications) ?? nameless(notifications)[0] ?? pushedNow().at(-1) ?? here.at(-1);
  }

  return {
    involved,
    pushed(push, call) {
      pushes.set(push, call);
      involved(call);
    },
    answered: (call) => void answered.add(call),
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
        if (id !== undefined) name(id, handle, method);
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
