import { iosTrace } from "../../../harness/judge/testing/ios-trace.ts";
import type { ClientTraceSetup } from "../../../harness/judge/testing/client-trace-builder.ts";
import type { CallRef, PhoneRef } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";

export { failure, kindOf } from "../flow/testing/ladder.ts";

export const call: CallRef = "call:1";
export const second: CallRef = "call:2";
export const phone: PhoneRef = "phone:1";

/** The ordinary course of a call to a suspended iPhone, step by step. Nothing is recorded until a step is called. */
export function iosLadder(setup: ClientTraceSetup = {}) {
  const t = iosTrace(setup);
  return Object.assign(t, {
    /** The push wakes the app, which reports the call. */
    rings(of: CallRef = call) {
      return t.ringsForPush(phone, of);
    },
    /** REGISTER and its answer; the INVITE, and 180. */
    connects(of: CallRef = call) {
      const register = t.registers(phone, { afterMs: 20 });
      const invite = t.inviteSent(phone, of);
      t.appSends(phone, of, 180);
      return { register, invite };
    },
    /** 200 and ACK. */
    accepts(of: CallRef = call) {
      const answer = t.appSends(phone, of, 200, { afterMs: 60 });
      return { answer, ack: t.ackSent(phone, of) };
    },
    /** Rung, connected, answered, accepted, fulfilled, heard. */
    talks(of: CallRef = call) {
      this.rings(of);
      this.connects(of);
      const { performed } = t.answers(phone, of);
      const { answer } = this.accepts(of);
      const fulfilled = t.fulfils(phone, of, "answer", { afterMs: 60 });
      const activated = t.audioActivates(phone);
      const media = t.mediaStarts(phone, of);
      return { performed, answer, fulfilled, activated, media };
    },
    /** The caller's BYE, the report of it, and the end of the media. */
    isHungUp(of: CallRef = call) {
      const { request: bye } = t.byeSent(phone, of);
      const ended = t.ends(phone, of, "remoteEnded");
      t.audioDeactivates(phone);
      const stopped = t.mediaStops(phone, of);
      return { bye, ended, stopped };
    },
  });
}

export type IosLadder = ReturnType<typeof iosLadder>;

/** A whole call to a suspended iPhone that was answered and hung up by its caller. */
export function answeredOnIphone(setup: ClientTraceSetup = {}): Trace {
  const t = iosLadder(setup);
  t.talks();
  t.isHungUp();
  return t.finished();
}

/** No push and no call. */
export function quietIphone(setup: ClientTraceSetup = {}): Trace {
  return iosLadder(setup).finished();
}
