import type { CallRef } from "../../harness/trace/trace-event.ts";
import type { EmitOsEvent, PhoneOs } from "./phone-os.ts";

/** What the systems have in common: the app's token, its life, and the calls its phone shows. */
export function appLife(running: boolean, token: string, emit: EmitOsEvent): Omit<PhoneOs, "admit"> {
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
