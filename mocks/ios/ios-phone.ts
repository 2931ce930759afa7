import type { CallRef, EventBody } from "../../harness/trace/trace-event.ts";

/** The events an iOS phone of the server role adds to the trace. */
export type IosEvent = Extract<
  EventBody,
  {
    readonly kind:
      | "app.woken"
      | "app.suspended"
      | "app.terminated"
      | "token.issued"
      | "ringing.shown"
      | "ringing.ended";
  }
>;

/**
 * As much of iOS as a server can notice: which token the app has, whether it runs, and for which calls the phone rings.
 * A PushKit push starts the app, and CallKit shows the call at once, long before any INVITE; an INVITE for a call that
 * already rings shows nothing new (Apple, "Responding to VoIP Notifications from PushKit").
 */
export interface IosPhone {
  readonly running: boolean;
  readonly token: string;
  issueToken(token: string): void;
  wake(why: "push" | "user" | "network"): void;
  suspend(): void;
  terminate(why: string): void;
  showCall(call: CallRef, why: "push" | "invite"): void;
  endCall(call: CallRef, why: string): void;
  showsCall(call: CallRef): boolean;
}

/** `emit` puts an event into the trace; `call` is set for the ringing ones. */
export function iosPhone(running: boolean, token: string, emit: (event: IosEvent, call?: CallRef) => void): IosPhone {
  const shown = new Set<CallRef>();
  let isRunning = running;
  let current = token;

  const endAll = (why: string): void => {
    for (const call of shown) emit({ kind: "ringing.ended", why }, call);
    shown.clear();
  };

  return {
    get running() {
      return isRunning;
    },
    get token() {
      return current;
    },
    issueToken(next) {
      const previous = current;
      current = next;
      emit({ kind: "token.issued", token: next, previous });
    },
    wake(why) {
      isRunning = true;
      emit({ kind: "app.woken", why });
    },
    suspend() {
      isRunning = false;
      emit({ kind: "app.suspended" });
    },
    terminate(why) {
      isRunning = false;
      endAll(why);
      emit({ kind: "app.terminated", why });
    },
    showCall(call, why) {
      if (shown.has(call)) return;
      shown.add(call);
      emit({ kind: "ringing.shown", why }, call);
    },
    endCall(call, why) {
      if (!shown.delete(call)) return;
      emit({ kind: "ringing.ended", why }, call);
    },
    showsCall: (call) => shown.has(call),
  };
}
