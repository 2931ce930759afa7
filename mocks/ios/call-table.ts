import type { CallState } from "../../harness/trace/ios-event.ts";
import type { AppRequests } from "../device-link/messages.ts";

/** CXCallUpdate: what is absent is unknown, and in an update unchanged. */
export type CallUpdate = AppRequests["provider.reportNewIncomingCall"]["params"]["update"];

/** A call as the system sees it. */
export interface IosCall {
  /** In lower case. */
  readonly callUUID: string;
  readonly direction: "incoming" | "outgoing";
  readonly state: CallState;
  /** Its answer or start action was fulfilled: it wants the audio session unless it is on hold. */
  readonly wantsAudio: boolean;
  readonly onHold: boolean;
  readonly muted: boolean;
  readonly update: CallUpdate;
}

/** The calls the system knows of, oldest first; one that has ended is not among them. */
export interface CallTable {
  all(): readonly IosCall[];
  get(callUUID: string): IosCall | undefined;
  add(call: Pick<IosCall, "callUUID" | "direction" | "state" | "update">): void;
  /** Nothing happens to a call that has ended. */
  change(callUUID: string, change: Partial<Omit<IosCall, "callUUID" | "direction">>): void;
  remove(callUUID: string): void;
}

export function callTable(): CallTable {
  const calls = new Map<string, IosCall>();
  return {
    all() {
      return [...calls.values()];
    },
    get: (callUUID) => calls.get(callUUID),
    add(call) {
      calls.set(call.callUUID, { ...call, wantsAudio: false, onHold: false, muted: false });
    },
    change(callUUID, change) {
      const call = calls.get(callUUID);
      if (call !== undefined) calls.set(callUUID, { ...call, ...change });
    },
    remove(callUUID) {
      calls.delete(callUUID);
    },
  };
}
