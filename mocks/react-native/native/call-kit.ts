import type { AppRequests } from "../../device-link/messages.ts";
import type { CallEndedReason } from "../../../harness/trace/ios-event.ts";
import type { NativeSide, OsReply } from "./native-side.ts";

export type CallUpdate = AppRequests["provider.reportNewIncomingCall"]["params"]["update"];
export type CallKitAction = AppRequests["callController.request"]["params"]["actions"][number];

/** `CXCall`, as the call observer shows it. `uuid` in lower case. */
export interface ObservedCall {
  readonly uuid: string;
  readonly outgoing: boolean;
  readonly onHold: boolean;
  readonly hasConnected: boolean;
}

/** CallKit as the native code of an app sees it: provider, controller and observer in one process. */
export interface CallKit {
  readonly calls: readonly ObservedCall[];
  /** A UUID that is none is a nil argument, of which the process dies. */
  reportNewIncomingCall(uuid: string, update: CallUpdate, completion: (reply: OsReply) => void): void;
  reportUpdated(uuid: string, update: CallUpdate): void;
  reportEnded(uuid: string, reason: CallEndedReason): void;
  request(action: CallKitAction, completion?: (reply: OsReply) => void): void;
  /** An action of the system's was fulfilled. */
  fulfil(actionId: string, action: CallKitAction): void;
  reset(): void;
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** What `NSUUID initWithUUIDString:` takes. */
export function isUUID(text: unknown): text is string {
  return typeof text === "string" && UUID.test(text);
}

export function callKit(native: NativeSide): CallKit {
  const calls = new Map<string, ObservedCall>();
  /** Reports without a reply yet, and whether the call was ended meanwhile. */
  const reporting = new Map<string, { isOver: boolean }>();
  const change = (uuid: string, changes: Partial<ObservedCall>): void => {
    const call = calls.get(uuid.toLowerCase());
    if (call !== undefined) calls.set(call.uuid, { ...call, ...changes });
  };

  return {
    get calls() {
      return [...calls.values()];
    },
    reportNewIncomingCall(uuid, update, completion) {
      if (!isUUID(uuid)) return native.crash("reportNewIncomingCallWithUUID: the UUID must not be nil.");
      const key = uuid.toLowerCase();
      const report = { isOver: false };
      reporting.set(key, report);
      native.ask("provider.reportNewIncomingCall", { uuid, update }, (reply) => {
        if (reporting.get(key) === report) reporting.delete(key);
        if (reply.kind === "result" && !report.isOver)
          calls.set(key, { uuid: key, outgoing: false, onHold: false, hasConnected: false });
        completion(reply);
      });
    },
    reportUpdated(uuid, update) {
      if (isUUID(uuid)) native.ask("provider.reportCallUpdated", { uuid, update });
    },
    reportEnded(uuid, reason) {
      if (!isUUID(uuid)) return;
      const key = uuid.toLowerCase();
      const report = reporting.get(key);
      if (report !== undefined) report.isOver = true;
      calls.delete(key);
      native.ask("provider.reportCallEnded", { uuid, reason });
    },
    request(action, completion = () => {}) {
      if (!isUUID(action.callUUID)) return;
      native.ask("callController.request", { actions: [action] }, (reply) => {
        const uuid = action.callUUID.toLowerCase();
        if (reply.kind === "result" && action.type === "start")
          calls.set(uuid, { uuid, outgoing: true, onHold: false, hasConnected: false });
        completion(reply);
      });
    },
    fulfil(actionId, action) {
      const uuid = action.callUUID.toLowerCase();
      if (action.type === "answer") change(uuid, { hasConnected: true });
      else if (action.type === "setHeld") change(uuid, { onHold: action.onHold });
      else if (action.type === "end") calls.delete(uuid);
      else if (action.type === "start" && !calls.has(uuid))
        calls.set(uuid, { uuid, outgoing: true, onHold: false, hasConnected: false });
      native.ask("action.fulfill", { actionId });
    },
    reset() {
      calls.clear();
    },
  };
}
