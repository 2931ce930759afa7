import type { ConnectionState, DisconnectCause, TelecomAct } from "../../harness/trace/android-event.ts";
import type { AppAnswer } from "../device-link/device-line.ts";
import type { AppRequests } from "../device-link/messages.ts";
import { nextConnectionState, type ConnectionMove } from "./connection-state.ts";
import { badParams, done, thrown } from "./refusal.ts";
import { admitIncomingCall } from "./telecom-admission.ts";
import {
  liveCalls,
  ownScreen,
  stateEvents,
  type LiveCall,
  type TelecomCalls,
  type TelecomOptions,
} from "./telecom-calls.ts";

interface Connection extends LiveCall {
  state: ConnectionState;
  isAnswered: boolean;
  isDestroyed: boolean;
}

const callbacks = {
  answer: "connection.onAnswer",
  decline: "connection.onReject",
  "hang-up": "connection.onDisconnect",
  hold: "connection.onHold",
  unhold: "connection.onUnhold",
  abort: "connection.onAbort",
  silence: "connection.onSilence",
} as const satisfies Readonly<Record<TelecomAct, string>>;

/**
 * Telecom for an app with a ConnectionService (Android reference, `android.telecom.ConnectionService` and `Connection`): a
 * self-managed one shows its calls itself when `onShowIncomingCallUi` asks it to, the calls of a managed one are on the
 * system's screen. Telecom calls nothing on a connection that is disconnected or destroyed.
 */
export function connectionService(style: "self-managed" | "managed", options: TelecomOptions): TelecomCalls {
  const { numbers, settings, ask, emit, endOtherCall, onChange } = options;
  const connections = new Map<string, Connection>();

  function addNewIncomingCall(params: AppRequests["telecom.addNewIncomingCall"]["params"]): AppAnswer {
    const { connectionId, handle, displayName, hasVideo } = params;
    if (connections.has(connectionId)) return badParams(`There is a connection ${connectionId} already.`);
    if (!settings().manageOwnCalls) {
      emit({ kind: "telecom.refused", connectionId, why: "MANAGE_OWN_CALLS is not granted" });
      return thrown("SecurityException", "MANAGE_OWN_CALLS is not granted");
    }
    const live = liveCalls(connections);
    const ringing = live.filter(({ state }) => isIncoming(state)).length;
    const admission = admitIncomingCall(style, { live: live.length, ringing }, settings(), numbers);
    if (admission.kind === "refused") {
      emit({ kind: "telecom.refused", connectionId, why: admission.why });
      ask("connectionService.onCreateIncomingConnectionFailed", { connectionId });
      return done;
    }
    const { shownBy } = admission;
    const state: ConnectionState = "INITIALIZING";
    const connection: Connection = { connectionId, state, isAnswered: false, shownBy, isDestroyed: false };
    connections.set(connectionId, connection);
    emit({ kind: "telecom.call-added", connectionId, shownBy });
    const extras = { handle, hasVideo, ...(displayName === undefined ? {} : { displayName }) };
    ask("connectionService.onCreateIncomingConnection", { connectionId, extras }, (reply) => {
      if (connection.isDestroyed || connection.state === "DISCONNECTED") return;
      if (reply.kind !== "result") {
        emit({ kind: "telecom.refused", connectionId, why: "the app made no connection" });
        return move(connection, "setDisconnected", "telecom", "ERROR");
      }
      move(connection, "setInitialized", "telecom");
      if (shownBy === "app") ask("connection.onShowIncomingCallUi", { connectionId });
    });
    onChange();
    return done;
  }

  function move(connection: Connection, how: ConnectionMove, asker: "app" | "telecom", cause?: DisconnectCause): void {
    const { state: before } = connection;
    const state = nextConnectionState(before, how);
    if (state === undefined) return;
    connection.state = state;
    for (const event of stateEvents(connection, before, asker, cause)) emit(event);
    onChange();
    // One call at a time has the audio.
    if (state === "ACTIVE") holdOthers(connection);
  }

  function askAbout({ connectionId }: Connection, act: TelecomAct): void {
    emit({ kind: "telecom.asked", connectionId, act });
    ask(callbacks[act], { connectionId });
  }

  function holdOthers(but: Connection | undefined): void {
    for (const other of liveCalls(connections)) if (other !== but && other.state === "ACTIVE") askAbout(other, "hold");
  }

  function moved(
    method: string,
    connectionId: string,
    how: ConnectionMove | "destroy",
    cause?: DisconnectCause,
  ): AppAnswer {
    const connection = connections.get(connectionId);
    if (connection === undefined) return badParams(`There is no connection ${connectionId}.`);
    const ignored = (why: string): AppAnswer => {
      emit({ kind: "connection.ignored", connectionId, method, why });
      return done;
    };
    if (connection.isDestroyed) return ignored("it is destroyed");
    if (how === "destroy") {
      destroy(connection);
      return done;
    }
    if (connection.state === "DISCONNECTED") return ignored("it is disconnected");
    move(connection, how, "app", cause);
    return done;
  }

  function destroy(connection: Connection): void {
    const { connectionId, state } = connection;
    const disconnected = state === "DISCONNECTED";
    connection.isDestroyed = true;
    connection.state = "DISCONNECTED";
    emit({ kind: "connection.destroyed", connectionId, disconnected });
    for (const event of ownScreen(connection, state, "DISCONNECTED")) emit(event);
    onChange();
  }

  return {
    answer(request) {
      switch (request.method) {
        case "telecom.addNewIncomingCall":
          return addNewIncomingCall(request.params);
        case "connection.setRinging":
          return moved(request.method, request.params.connectionId, "setRinging");
        case "connection.setActive":
          return moved(request.method, request.params.connectionId, "setActive");
        case "connection.setOnHold":
          return moved(request.method, request.params.connectionId, "setOnHold");
        case "connection.setDisconnected":
          return moved(request.method, request.params.connectionId, "setDisconnected", request.params.cause);
        case "connection.destroy":
          return moved(request.method, request.params.connectionId, "destroy");
        default:
          return undefined;
      }
    },
    live() {
      return liveCalls(connections);
    },
    act(act, connectionId) {
      const connection = connections.get(connectionId);
      if (connection === undefined || connection.state === "DISCONNECTED") return false;
      if (act === "answer") {
        connection.isAnswered = true;
        if (connection.shownBy === "telecom") endOtherCall();
        holdOthers(connection);
      }
      if (act === "silence" && connection.shownBy === "telecom") emit({ kind: "ringing.silenced", connectionId });
      askAbout(connection, act);
      onChange();
      return true;
    },
    answeredInApp(connectionId) {
      const connection = connections.get(connectionId);
      if (connection !== undefined) connection.isAnswered = true;
    },
    otherCall(kind) {
      if (kind === "none") return;
      if (kind !== "emergency") return holdOthers(undefined);
      for (const connection of liveCalls(connections)) askAbout(connection, "hang-up");
    },
    ended() {
      for (const connection of liveCalls(connections)) move(connection, "setDisconnected", "telecom", "ERROR");
      connections.clear();
    },
  };
}

function isIncoming(state: ConnectionState): boolean {
  return state === "INITIALIZING" || state === "NEW" || state === "RINGING";
}
