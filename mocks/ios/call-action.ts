import type { CallActionType } from "../../harness/trace/ios-event.ts";
import type { HarnessRequests } from "../device-link/messages.ts";
import { uuidString } from "./call-uuid.ts";
import type { IosCall } from "./call-table.ts";
import type { IosNumbers } from "./ios-numbers.ts";

/** What a CXAction asks for, without its id; `callUUID` in lower case. */
export type CallAction =
  | { readonly type: "answer" | "end" | "start"; readonly callUUID: string }
  | { readonly type: "setHeld"; readonly callUUID: string; readonly onHold: boolean }
  | { readonly type: "setMuted"; readonly callUUID: string; readonly muted: boolean }
  | { readonly type: "playDTMF"; readonly callUUID: string; readonly digits: string };

export type LinkAction = HarnessRequests["provider.perform"]["params"]["action"];

export function linkAction(id: string, action: CallAction): LinkAction {
  return { ...action, id, callUUID: uuidString(action.callUUID) };
}

/** From the creation of an action to its `timeoutDate`. */
export function actionTimeoutMs(type: CallActionType, numbers: IosNumbers): number {
  if (type === "answer") return numbers.answerActionMs;
  return type === "start" ? numbers.startActionMs : numbers.otherActionMs;
}

/**
 * A call to which the action can be done at this moment. That CallKit refuses the others with `invalidAction` is unverified, and so
 * is which they are.
 */
export function admits({ state }: IosCall, type: CallActionType): boolean {
  switch (type) {
    case "answer":
      return state === "ringing";
    case "end":
      return state !== "ending";
    case "setMuted":
      return state !== "ringing" && state !== "ending";
    case "setHeld":
    case "playDTMF":
      return state === "connected" || state === "connecting";
    case "start":
      return false;
  }
}
