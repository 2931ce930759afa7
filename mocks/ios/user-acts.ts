import { admits, type CallAction } from "./call-action.ts";
import type { CallProvider } from "./call-provider.ts";
import type { CallTable } from "./call-table.ts";
import { callUUIDOf } from "./call-uuid.ts";
import type { IosNumbers } from "./ios-numbers.ts";

/**
 * What the user does in the system's call screen; each becomes actions of the provider. False where the screen offers no such
 * thing at this moment, and nothing happens.
 */
export interface UserActs {
  /**
   * Answers a ringing call. `others` is the choice the screen gives where a call is going on: it is ended or put on hold in the
   * same transaction, before the answer. The composition of that transaction is unverified.
   *
   * @default "hold"
   */
  answer(callUUID: string, others?: "end" | "hold"): boolean;
  /** Of a call that rings. */
  decline(callUUID: string): boolean;
  /** Of any other. */
  hangUp(callUUID: string): boolean;
  setHeld(callUUID: string, onHold: boolean): boolean;
  setMuted(callUUID: string, muted: boolean): boolean;
  playDTMF(callUUID: string, digits: string): boolean;
  /** A new outgoing call under that UUID. */
  start(callUUID: string): boolean;
}

export interface UserActOptions {
  readonly calls: CallTable;
  readonly provider: CallProvider;
  readonly numbers: IosNumbers;
  /** There is an app that could be asked to start a call. */
  readonly isRunning: () => boolean;
}

export function userActs({ calls, provider, numbers, isRunning }: UserActOptions): UserActs {
  const callOf = (text: string) => calls.get(callUUIDOf(text) ?? "");

  function act(text: string, make: (callUUID: string) => CallAction): boolean {
    const call = callOf(text);
    if (call === undefined) return false;
    const action = make(call.callUUID);
    if (!admits(call, action.type)) return false;
    provider.perform([{ action }], "user");
    return true;
  }
  const end = (text: string) => act(text, (callUUID) => ({ type: "end", callUUID }));

  return {
    answer(text, others = "hold") {
      const call = callOf(text);
      if (call === undefined || !admits(call, "answer")) return false;
      const { callUUID } = call;
      const first = calls
        .all()
        .filter((other) => other.state === "connected" || other.state === "connecting")
        .filter((other) => others === "end" || !other.onHold)
        .map(({ callUUID: other }): CallAction =>
          others === "end" ? { type: "end", callUUID: other } : { type: "setHeld", callUUID: other, onHold: true },
        );
      const actions: readonly CallAction[] = [...first, { type: "answer", callUUID }];
      provider.perform(
        actions.map((action) => ({ action })),
        "user",
      );
      return true;
    },
    decline: (text) => callOf(text)?.state === "ringing" && end(text),
    hangUp: (text) => callOf(text)?.state !== "ringing" && end(text),
    setHeld: (text, onHold) => act(text, (callUUID) => ({ type: "setHeld", callUUID, onHold })),
    setMuted: (text, muted) => act(text, (callUUID) => ({ type: "setMuted", callUUID, muted })),
    playDTMF: (text, digits) => act(text, (callUUID) => ({ type: "playDTMF", callUUID, digits })),
    start(text) {
      const callUUID = callUUIDOf(text);
      if (callUUID === undefined || callOf(text) !== undefined || !isRunning()) return false;
      if (calls.all().length >= numbers.maximumCallGroups) return false;
      provider.perform([{ action: { type: "start", callUUID } }], "user");
      return true;
    },
  };
}
