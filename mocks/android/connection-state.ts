import type { ConnectionState } from "../../harness/trace/android-event.ts";

/** What brings a connection into another state. */
export type ConnectionMove = "setInitialized" | "setRinging" | "setActive" | "setOnHold" | "setDisconnected";

const targets: Readonly<Record<ConnectionMove, ConnectionState>> = {
  setInitialized: "NEW",
  setRinging: "RINGING",
  setActive: "ACTIVE",
  setOnHold: "HOLDING",
  setDisconnected: "DISCONNECTED",
};

/**
 * The state after a move; undefined where it changes nothing. Android checks one thing only: DISCONNECTED is the end (AOSP
 * `Connection.setState`). Telecom's own step after `onCreateIncomingConnection` does not undo what the app did within it.
 */
export function nextConnectionState(state: ConnectionState, move: ConnectionMove): ConnectionState | undefined {
  const next = targets[move];
  if (state === "DISCONNECTED" || state === next) return undefined;
  if (move === "setInitialized" && state !== "INITIALIZING") return undefined;
  return next;
}

/** Core-Telecom's calls, as `CallControlScope` moves them; `answer` is for incoming calls that ring. */
export type CallControlMove = "answer" | "setActive" | "setInactive" | "disconnect";

/** The state after a request of Core-Telecom's call control; undefined where Telecom refuses it. */
export function nextCallState(state: ConnectionState, move: CallControlMove): ConnectionState | undefined {
  if (state === "DISCONNECTED") return undefined;
  switch (move) {
    case "answer":
      return state === "RINGING" ? "ACTIVE" : undefined;
    case "setActive":
      return "ACTIVE";
    case "setInactive":
      return state === "ACTIVE" || state === "HOLDING" ? "HOLDING" : undefined;
    case "disconnect":
      return "DISCONNECTED";
  }
}

/** What `CallControl.disconnect` takes: "The only valid codes" (Android reference, `android.telecom.CallControl`). */
export const callControlCauses: ReadonlySet<string> = new Set(["LOCAL", "REMOTE", "MISSED", "REJECTED"]);
