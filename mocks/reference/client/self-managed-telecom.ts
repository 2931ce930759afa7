import type { AppCall, EndWhy } from "./calls.ts";
import { type Answer, DONE, type Params } from "./json-rpc.ts";
import type { PlatformHost } from "./platform-app.ts";
import { introduced, type Telecom, type TelecomEvents } from "./telecom.ts";

/** Names of `android.telecom.DisconnectCause`'s constants. */
function causeOf(why: EndWhy, call: AppCall): string {
  switch (why) {
    case "remote":
      return call.isAnswered || call.isConnected ? "REMOTE" : "MISSED";
    case "answered-elsewhere":
      return "ANSWERED_ELSEWHERE";
    case "declined-elsewhere":
      return "REJECTED";
    case "unanswered":
      return "MISSED";
    case "declined":
      return "REJECTED";
    case "hung-up":
      return "LOCAL";
    default:
      return "ERROR";
  }
}

/** A self-managed ConnectionService (Android reference, `ConnectionService` and `Connection`): one Connection per call. */
export function selfManagedTelecom({ request, options: { fault } }: PlatformHost, events: TelecomEvents): Telecom {
  /** Connections that were made, by call. */
  const live = new Set<AppCall>();
  const active = new Set<AppCall>();
  const about = ({ id }: AppCall): Params => ({ connectionId: id });

  function disconnect(call: AppCall, cause: string): void {
    const spoken = fault === "disconnects-other" ? "OTHER" : cause;
    const destroy = (): void => request("connection.destroy", about(call));
    if (fault === "destroys-first") destroy();
    request("connection.setDisconnected", { ...about(call), cause: spoken });
    if (fault !== "destroys-first" && fault !== "never-destroys") destroy();
  }

  function refused(call: AppCall): void {
    live.delete(call);
    events.refused(call);
  }

  return {
    kind: "self-managed",
    add(call) {
      live.add(call);
      request("telecom.addNewIncomingCall", introduced(call), (reply) => {
        if (reply.kind === "error") refused(call);
      });
    },
    connected(call) {
      if (!live.has(call) || active.has(call)) return;
      active.add(call);
      request("connection.setActive", about(call));
      events.active(call);
    },
    ended(call, why) {
      active.delete(call);
      if (!live.delete(call)) return;
      if (fault === "leaves-ghost-call" && why === "hung-up") return;
      disconnect(call, causeOf(why, call));
    },
    isActive: (call) => active.has(call),
    handle(method, call, answer) {
      if (!method.startsWith("connection")) return false;
      answered(method, call, answer);
      return true;
    },
  };

  function answered(method: string, call: AppCall | undefined, answer: (answer: Answer) => void): void {
    answer(DONE);
    if (call === undefined) return;
    switch (method) {
      case "connectionService.onCreateIncomingConnection":
        if (call.ended !== undefined) {
          // The caller was quicker than Telecom.
          disconnect(call, causeOf(call.ended, call));
          return;
        }
        request("connection.setRinging", about(call));
        events.taken(call);
        return;
      case "connectionService.onCreateIncomingConnectionFailed":
        refused(call);
        return;
      case "connection.onShowIncomingCallUi":
        if (call.ended === undefined) events.showUi(call);
        return;
      case "connection.onAnswer":
        events.answered(call);
        return;
      case "connection.onReject":
      case "connection.onDisconnect":
        events.ended(call);
        return;
      case "connection.onAbort":
        events.aborted(call);
        return;
      case "connection.onHold":
        events.held(call, true, () => {
          if (call.ended === undefined) request("connection.setOnHold", about(call));
        });
        return;
      case "connection.onUnhold":
        events.held(call, false, () => {
          if (call.ended === undefined) request("connection.setActive", about(call));
        });
        return;
      default:
        // onSilence: nothing of ours makes a sound.
        return;
    }
  }
}
