import type { ActionOutcome, IosEvent } from "../../harness/trace/ios-event.ts";
import type { EmitIosEvent } from "./emit-ios-event.ts";
import type { Clock } from "../../harness/clock/clock.ts";
import { actionTimeoutMs, linkAction, type CallAction } from "./call-action.ts";
import type { CallTable } from "./call-table.ts";
import type { IosApp } from "./ios-app.ts";
import type { IosNumbers } from "./ios-numbers.ts";

export interface CallProviderOptions {
  readonly app: Pick<IosApp, "call">;
  readonly calls: CallTable;
  readonly clock: Clock;
  readonly numbers: IosNumbers;
  readonly emit: EmitIosEvent;
  /** The calls or what they want of the audio session may have changed. */
  readonly onChange: () => void;
}

export type EndReason = Extract<IosEvent, { readonly kind: "call.ended" }>["why"];

/**
 * The actions of the provider and what becomes of the calls through them (Apple, `CXProviderDelegate` and `CXAction`; which state
 * follows a fulfilled or failed action is read off a Mac Catalyst host and unverified on a phone).
 */
export interface CallProvider {
  /** One transaction: every action is created, then each is performed in turn. Whether the calls admit them was asked before. */
  perform(actions: readonly RequestedAction[], asker: "user" | "app"): void;
  /** False for an action that was settled before or never was; nothing happens then. */
  fulfill(actionId: string): boolean;
  fail(actionId: string): void;
  /** There is or was such an action of this process. */
  knows(actionId: string): boolean;
  /** Ends a call that is there and settles its open actions. */
  end(callUUID: string, why: EndReason): void;
  /** Ends all calls; `onChange` is not called. */
  endAll(why: "reset" | "app-terminated"): void;
  close(): void;
}

export interface RequestedAction {
  /** @default one of the provider's own */
  readonly id?: string;
  readonly action: CallAction;
}

interface OpenAction {
  readonly id: string;
  readonly action: CallAction;
  readonly stopTimer: () => void;
}

export function callProvider(options: CallProviderOptions): CallProvider {
  const { app, calls, clock, numbers, emit, onChange } = options;
  const open = new Map<string, OpenAction>();
  const settled = new Map<string, ActionOutcome>();
  let created = 0;

  function settle(one: OpenAction, outcome: ActionOutcome): void {
    open.delete(one.id);
    one.stopTimer();
    settled.set(one.id, outcome);
    const { type, callUUID } = one.action;
    emit({ kind: "action.settled", action: one.id, type, callUUID, outcome });
  }

  function stopRinging(callUUID: string, why: string): void {
    if (calls.get(callUUID)?.state === "ringing") emit({ kind: "ringing.ended", why, callUUID });
  }

  function remove(callUUID: string, why: EndReason, outcome: ActionOutcome): void {
    if (calls.get(callUUID) === undefined) return;
    for (const one of open.values()) if (one.action.callUUID === callUUID) settle(one, outcome);
    stopRinging(callUUID, why);
    calls.remove(callUUID);
    emit({ kind: "call.ended", callUUID, why });
  }

  function end(callUUID: string, why: EndReason): void {
    remove(callUUID, why, "call-ended");
    onChange();
  }

  /** What the call is from the creation of the action on. */
  function begin({ action }: OpenAction): void {
    const { type, callUUID } = action;
    if (type === "start") {
      calls.add({ callUUID, direction: "outgoing", state: "starting", update: {} });
      emit({ kind: "call.started", callUUID });
    } else if (type === "answer") {
      stopRinging(callUUID, "answered");
      calls.change(callUUID, { state: "answering" });
    } else if (type === "end") {
      stopRinging(callUUID, "declined");
      calls.change(callUUID, { state: "ending" });
    }
  }

  function fulfilled(action: CallAction): void {
    const { callUUID } = action;
    const state = calls.get(callUUID)?.state;
    switch (action.type) {
      case "answer":
        // The user may have hung up meanwhile: the call is answered and still about to end.
        calls.change(callUUID, { wantsAudio: true, ...(state === "answering" ? { state: "connected" } : {}) });
        emit({ kind: "call.connected", callUUID });
        break;
      case "start":
        calls.change(callUUID, { wantsAudio: true, ...(state === "starting" ? { state: "connecting" } : {}) });
        break;
      case "end":
        return end(callUUID, "ended");
      case "setHeld":
        calls.change(callUUID, { onHold: action.onHold });
        emit({ kind: "call.held", callUUID, onHold: action.onHold });
        break;
      case "setMuted":
        calls.change(callUUID, { muted: action.muted });
        emit({ kind: "call.muted", callUUID, muted: action.muted });
        break;
      case "playDTMF":
        break;
    }
    onChange();
  }

  /** An action that timed out has failed (Apple, `CXAction`). */
  function failed({ type, callUUID }: CallAction): void {
    if (type === "answer" || type === "start") return end(callUUID, "failed");
    if (type !== "end") return;
    calls.change(callUUID, { state: "stale" });
    emit({ kind: "call.stale", callUUID });
  }

  function timedOut(one: OpenAction): void {
    settle(one, "timed-out");
    failed(one.action);
    app.call("provider.timedOutPerforming", { actionId: one.id });
  }

  const knows = (actionId: string): boolean => open.has(actionId) || settled.has(actionId);

  function late(actionId: string, said: "fulfill" | "fail"): false {
    const outcome = settled.get(actionId);
    if (outcome !== undefined) emit({ kind: "action.late", action: actionId, said, outcome });
    return false;
  }

  /** The app may have named one of its own like that. */
  function newId(): string {
    created += 1;
    const id = `action-${created}`;
    return knows(id) ? newId() : id;
  }

  return {
    perform(actions, asker) {
      const opened = actions.map(({ id, action }): OpenAction => {
        const timeoutMs = actionTimeoutMs(action.type, numbers);
        const one: OpenAction = {
          id: id ?? newId(),
          action,
          stopTimer: clock.after(timeoutMs, () => timedOut(one)),
        };
        open.set(one.id, one);
        const { type, callUUID } = action;
        emit({ kind: "action.performed", action: one.id, type, callUUID, timeoutMs, asker });
        begin(one);
        return one;
      });
      onChange();
      for (const { id, action } of opened) {
        // The one before it may have ended its call.
        if (!open.has(id)) continue;
        app.call("provider.perform", {
          action: linkAction(id, action),
          timeoutMs: actionTimeoutMs(action.type, numbers),
        });
      }
    },
    fulfill(actionId) {
      const one = open.get(actionId);
      if (one === undefined) return late(actionId, "fulfill");
      settle(one, "fulfilled");
      fulfilled(one.action);
      return true;
    },
    fail(actionId) {
      const one = open.get(actionId);
      if (one === undefined) return void late(actionId, "fail");
      settle(one, "failed");
      failed(one.action);
    },
    knows,
    end,
    endAll(why) {
      for (const { callUUID } of calls.all()) remove(callUUID, why, why);
      if (why === "app-terminated") settled.clear();
    },
    close() {
      for (const { stopTimer } of open.values()) stopTimer();
      open.clear();
      for (const { callUUID } of calls.all()) calls.remove(callUUID);
    },
  };
}
