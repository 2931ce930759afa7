import type { ConnectionState, DisconnectCause, TelecomAct } from "../../harness/trace/android-event.ts";
import type { Clock } from "../../harness/clock/clock.ts";
import { describeReply } from "../device-link/ask-app.ts";
import type { AppAnswer } from "../device-link/device-line.ts";
import type { AppRequests } from "../device-link/messages.ts";
import { callControlCauses, nextCallState, type CallControlMove } from "./connection-state.ts";
import { badParams, callException, done, thrown } from "./refusal.ts";
import { admitIncomingCall } from "./telecom-admission.ts";
import { liveCalls, stateEvents, type LiveCall, type TelecomCalls, type TelecomOptions } from "./telecom-calls.ts";

interface CoreCall extends LiveCall {
  state: ConnectionState;
  isAnswered: boolean;
}

type Callback =
  | "callsManager.onAnswer"
  | "callsManager.onDisconnect"
  | "callsManager.onSetActive"
  | "callsManager.onSetInactive";

interface Asked {
  readonly callback: Callback;
  readonly move: CallControlMove;
  readonly cause?: DisconnectCause;
}

const hangingUp: Asked = { callback: "callsManager.onDisconnect", move: "disconnect", cause: "LOCAL" };
const holding: Asked = { callback: "callsManager.onSetInactive", move: "setInactive" };

const asked: Readonly<Partial<Record<TelecomAct, Asked>>> = {
  answer: { callback: "callsManager.onAnswer", move: "answer" },
  decline: { callback: "callsManager.onDisconnect", move: "disconnect", cause: "REJECTED" },
  "hang-up": hangingUp,
  hold: holding,
  unhold: { callback: "callsManager.onSetActive", move: "setActive" },
};

/**
 * Telecom for an app that uses Core-Telecom (Android reference, `androidx.core.telecom.CallsManager` and `CallControlScope`).
 * What Telecom asks for holds once the suspend callback has returned; one that fails, or takes too long, ends the call. That
 * the app hears no more of such a call is unverified.
 */
export function coreTelecom(clock: Clock, options: TelecomOptions): TelecomCalls {
  const { numbers, settings, ask, emit, endOtherCall, onChange } = options;
  const calls = new Map<string, CoreCall>();

  function addCall(params: AppRequests["callsManager.addCall"]["params"]): AppAnswer {
    const { connectionId, direction } = params;
    if (calls.has(connectionId)) return badParams(`There is a call ${connectionId} already.`);
    if (!settings().manageOwnCalls) {
      emit({ kind: "telecom.refused", connectionId, why: "MANAGE_OWN_CALLS is not granted" });
      return thrown("SecurityException", "MANAGE_OWN_CALLS is not granted");
    }
    const live = liveCalls(calls);
    const ringing = live.filter(({ state }) => state === "RINGING").length;
    const admission = admitIncomingCall("core", { live: live.length, ringing }, settings(), numbers);
    if (admission.kind === "refused") {
      emit({ kind: "telecom.refused", connectionId, why: admission.why });
      return callException("CODE_CALL_NOT_PERMITTED_AT_PRESENT_TIME", admission.why);
    }
    const { shownBy } = admission;
    const call: CoreCall = { connectionId, state: "NEW", isAnswered: false, shownBy };
    calls.set(connectionId, call);
    emit({ kind: "telecom.call-added", connectionId, shownBy });
    enter(call, direction === "incoming" ? "RINGING" : "DIALING", "telecom");
    return done;
  }

  function enter(call: CoreCall, state: ConnectionState, asker: "app" | "telecom", cause?: DisconnectCause): void {
    const { state: before } = call;
    if (before === state) return;
    call.state = state;
    for (const event of stateEvents(call, before, asker, cause)) emit(event);
    onChange();
    // One call at a time has the audio.
    if (state === "ACTIVE") holdOthers(call);
  }

  function holdOthers(but: CoreCall | undefined): void {
    for (const other of liveCalls(calls))
      if (other !== but && other.state === "ACTIVE") askAbout(other, "hold", holding);
  }

  function control(connectionId: string, move: CallControlMove, cause?: DisconnectCause): AppAnswer {
    const call = calls.get(connectionId);
    if (call === undefined || call.state === "DISCONNECTED")
      return callException("CODE_CALL_IS_NOT_BEING_TRACKED", `There is no call ${connectionId}.`);
    if (cause !== undefined && !callControlCauses.has(cause))
      return thrown("IllegalArgumentException", `A call is not disconnected with ${cause}.`);
    const state = nextCallState(call.state, move);
    if (state === undefined)
      return callException(
        move === "setInactive" ? "CODE_ERROR_UNKNOWN" : "CODE_CALL_CANNOT_BE_SET_TO_ACTIVE",
        `The call ${connectionId} is ${call.state}.`,
      );
    enter(call, state, "app", cause);
    return done;
  }

  function askAbout(call: CoreCall, act: TelecomAct, { callback, move, cause }: Asked): void {
    const { connectionId } = call;
    emit({ kind: "telecom.asked", connectionId, act });
    let isOpen = true;
    const failed = (why: string): void => {
      emit({ kind: "telecom.callback-failed", connectionId, callback, why });
      enter(call, "DISCONNECTED", "telecom", "ERROR");
    };
    const cancel = clock.after(numbers.coreCallbackMs, () => {
      isOpen = false;
      if (call.state !== "DISCONNECTED") failed(`it did not return within ${numbers.coreCallbackMs} ms`);
    });
    ask(callback, { connectionId, ...(cause === undefined ? {} : { cause }) }, (reply) => {
      cancel();
      if (!isOpen || call.state === "DISCONNECTED") return;
      isOpen = false;
      if (reply.kind !== "result") return failed(describeReply(reply));
      const state = nextCallState(call.state, move);
      if (state !== undefined) enter(call, state, "telecom", cause);
    });
  }

  return {
    answer(request) {
      switch (request.method) {
        case "callsManager.addCall":
          return addCall(request.params);
        case "callControl.answer":
          return control(request.params.connectionId, "answer");
        case "callControl.setActive":
          return control(request.params.connectionId, "setActive");
        case "callControl.setInactive":
          return control(request.params.connectionId, "setInactive");
        case "callControl.disconnect":
          // The device link may leave the cause out.
          return control(request.params.connectionId, "disconnect", request.params.cause ?? "LOCAL");
        default:
          return undefined;
      }
    },
    live() {
      return liveCalls(calls);
    },
    act(act, connectionId) {
      const call = calls.get(connectionId);
      if (call === undefined || call.state === "DISCONNECTED") return false;
      if (act === "silence" && call.shownBy === "telecom") emit({ kind: "ringing.silenced", connectionId });
      const what = asked[act];
      if (what === undefined) return false;
      if (act === "answer") {
        call.isAnswered = true;
        if (call.shownBy === "telecom") endOtherCall();
        holdOthers(call);
      }
      askAbout(call, act, what);
      onChange();
      return true;
    },
    answeredInApp(connectionId) {
      const call = calls.get(connectionId);
      if (call !== undefined) call.isAnswered = true;
    },
    otherCall(kind) {
      if (kind === "none") return;
      if (kind !== "emergency") return holdOthers(undefined);
      for (const call of liveCalls(calls)) askAbout(call, "hang-up", hangingUp);
    },
    ended() {
      for (const call of liveCalls(calls)) enter(call, "DISCONNECTED", "telecom", "ERROR");
      calls.clear();
    },
  };
}
