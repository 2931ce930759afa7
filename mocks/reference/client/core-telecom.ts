import type { AppCall, EndWhy } from "./calls.ts";
import { type Answer, DONE, type Params, refused as refusal } from "./json-rpc.ts";
import type { PlatformHost } from "./platform-app.ts";
import { introduced, type Telecom, type TelecomEvents } from "./telecom.ts";

/** Telecom waits five seconds for a suspend callback (AOSP `VoipCallTransaction.TIMEOUT_LIMIT`). */
const CALLBACK_MS = 4500;
const FAILED = 1;

/** `CallControl.disconnect` takes only these four (Android reference). */
function causeOf(why: EndWhy, call: AppCall): "LOCAL" | "REMOTE" | "MISSED" | "REJECTED" {
  switch (why) {
    case "remote":
      return call.isAnswered || call.isConnected ? "REMOTE" : "MISSED";
    case "answered-elsewhere":
    case "declined-elsewhere":
      return "REMOTE";
    case "declined":
      return "REJECTED";
    case "hung-up":
      return "LOCAL";
    default:
      return "MISSED";
  }
}

/** Jetpack's Core-Telecom (Android reference, `androidx.core.telecom.CallsManager`). */
export function coreTelecom(host: PlatformHost, events: TelecomEvents): Telecom {
  const { request, timers } = host;
  const { fault } = host.options;
  const live = new Set<AppCall>();
  const active = new Set<AppCall>();
  /** Suspend callbacks that have not returned: the call is not connected yet. */
  const answering = new Map<AppCall, (answer: Answer) => void>();
  const about = ({ id }: AppCall): Params => ({ connectionId: id });

  function returnAnswer(call: AppCall, said: Answer): void {
    const answer = answering.get(call);
    answering.delete(call);
    answer?.(said);
  }

  return {
    kind: "core",
    add(call) {
      live.add(call);
      request("callsManager.addCall", { ...introduced(call), direction: "incoming" }, (reply) => {
        if (reply.kind === "error") {
          live.delete(call);
          events.refused(call);
          return;
        }
        if (call.ended !== undefined) return;
        events.taken(call);
        events.showUi(call);
      });
    },
    connected(call) {
      if (!live.has(call) || active.has(call)) return;
      active.add(call);
      // What Telecom asked for holds when its callback returns; else the app asks.
      if (answering.has(call)) returnAnswer(call, DONE);
      else request("callControl.answer", about(call));
      events.active(call);
    },
    ended(call, why) {
      active.delete(call);
      if (live.delete(call) && !(fault === "leaves-ghost-call" && why === "hung-up")) {
        const cause = causeOf(why, call);
        const spoken = fault === "disconnects-other" ? (cause === "LOCAL" ? "REJECTED" : "LOCAL") : cause;
        request("callControl.disconnect", { ...about(call), cause: spoken });
      }
      returnAnswer(call, DONE);
    },
    isActive: (call) => active.has(call),
    handle(method, call, answer) {
      if (!method.startsWith("callsManager.")) return false;
      if (call === undefined || call.ended !== undefined) answer(DONE);
      else if (method === "callsManager.onAnswer") onAnswer(call, answer);
      else if (method === "callsManager.onDisconnect") {
        // Telecom ends it when this returns.
        live.delete(call);
        answer(DONE);
        events.ended(call);
      } else events.held(call, method === "callsManager.onSetInactive", () => answer(DONE));
      return true;
    },
  };

  function onAnswer(call: AppCall, answer: (answer: Answer) => void): void {
    if (active.has(call) || answering.has(call)) {
      answer(DONE);
      return;
    }
    answering.set(call, answer);
    timers.after(CALLBACK_MS, () => {
      if (!answering.has(call)) return;
      live.delete(call);
      returnAnswer(call, refusal(FAILED, "The call could not be connected in time."));
      host.calls().end(call, "failed");
    });
    events.answered(call);
  }
}
