import type { ClientTraceSetup } from "../../../harness/judge/testing/client-trace-builder.ts";
import { androidTrace } from "../../../harness/judge/testing/android-trace.ts";
import type { EventOf } from "../../../harness/trace/trace-event.ts";
import { call, phone } from "./ios-ladder.ts";

/** The ordinary course of a call to an Android phone, step by step. Nothing is recorded until a step is called. */
export function androidLadder(setup: ClientTraceSetup = {}) {
  const t = androidTrace({ phones: [{ app: "background" }], ...setup });
  const media = (kind: "media.started" | "media.stopped") => {
    const callUUID = t.connectionOf(call);
    return t.tells(phone, kind, { callUUID }, { kind, callUUID, callState: "ACTIVE" }, { call }) as EventOf<
      typeof kind
    >;
  };
  return Object.assign(t, {
    mediaStarts: () => media("media.started"),
    mediaStops: () => media("media.stopped"),
    /** Message, call in Telecom, notification; REGISTER, INVITE and 180. */
    ringsAndConnects() {
      t.rings(phone, call);
      t.registers(phone);
      t.inviteSent(phone, call);
      t.appSends(phone, call, 180);
    },
    /** 200, ACK, and the call is set active. */
    accepts() {
      const answer = t.appSends(phone, call, 200, { afterMs: 60 });
      t.ackSent(phone, call);
      if (t.facts.app?.telecom !== "none") t.moves(phone, call, "ACTIVE", { afterMs: 60 });
      t.updates(phone, call);
      return answer;
    },
  });
}
