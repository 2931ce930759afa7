import { androidTrace } from "../../../../harness/judge/testing/android-trace.ts";
import type { ClientTraceBuilder, ClientTraceSetup } from "../../../../harness/judge/testing/client-trace-builder.ts";
import { iosTrace } from "../../../../harness/judge/testing/ios-trace.ts";
import type { CallRef, EventOf, PhoneRef, Platform } from "../../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../../harness/trace/trace.ts";

export const phone: PhoneRef = "phone:1";
export const call: CallRef = "call:1";
export const other: CallRef = "call:2";

/** What an app and its user do about a call, in the words that hold on both platforms. */
export interface AppStage extends ClientTraceBuilder {
  /** A push is handed over, and the phone rings. */
  pushRings(of?: CallRef): void;
  /** A push is handed over, and nothing more. */
  pushOnly(of?: CallRef): EventOf<"push.delivered">;
  /** The phone rings, as the app asks it to. `anew`: as if it were another call. */
  showsCall(of?: CallRef, details?: { anew?: boolean; afterMs?: number }): EventOf<"ringing.shown">;
  answersCall(of?: CallRef): EventOf<"user.answered">;
  declinesCall(of?: CallRef): EventOf<"user.declined">;
  hangsUpCall(of?: CallRef): EventOf<"user.hung-up">;
  /** The phone shows it connected. */
  connectsCall(of?: CallRef): void;
  /** The app ends it on the phone. @default as remoteEnded */
  endsCall(of?: CallRef, details?: { afterMs?: number; failed?: boolean }): void;
  /** 2xx and its ACK. */
  accepts(of?: CallRef): EventOf<"sip">;
  last<K extends Trace["events"][number]["kind"]>(kind: K): EventOf<K>;
}

/** A stage whose phone has the app in the background, registered. */
export function stage(platform: Platform, setup: ClientTraceSetup = {}): AppStage {
  const ready: ClientTraceSetup = {
    phones: [{ platform, app: "background", signalling: "connected" }],
    calls: [{}, {}],
    ...setup,
  };
  return platform === "ios" ? iosStage(ready) : androidStage(ready);
}

/** A whole correct call that the caller hangs up. */
export function wholeCall(platform: Platform, setup: ClientTraceSetup = {}): AppStage {
  const t = inCall(platform, setup);
  t.byeSent(phone, call);
  t.endsCall();
  return t;
}

/** Pushed, invited, answered: the call is going on. */
export function inCall(platform: Platform, setup: ClientTraceSetup = {}): AppStage {
  const t = ringing(platform, setup);
  t.answersCall();
  t.accepts();
  t.connectsCall();
  return t;
}

/** Pushed, registered, invited: the phone rings. */
export function ringing(platform: Platform, setup: ClientTraceSetup = {}): AppStage {
  const t = stage(platform, setup);
  t.pushRings();
  t.registers(phone);
  t.inviteSent(phone, call);
  t.appSends(phone, call, 180);
  return t;
}

/** A correct call that the caller gives up while the phone rings. */
export function cancelledCall(platform: Platform, setup: ClientTraceSetup = {}): AppStage {
  const t = ringing(platform, setup);
  t.cancelSent(phone, call);
  t.endsCall();
  return t;
}

function shared(t: ClientTraceBuilder) {
  return {
    accepts(of: CallRef = call) {
      const answer = t.appSends(phone, of, 200);
      t.ackSent(phone, of);
      return answer;
    },
    last<K extends Trace["events"][number]["kind"]>(kind: K) {
      return t.finished().events.findLast((event) => event.kind === kind) as EventOf<K>;
    },
  };
}

function iosStage(setup: ClientTraceSetup): AppStage {
  const t = iosTrace(setup);
  let made = 0;
  const common = shared(t);
  return Object.assign(t, common, {
    pushRings: (of: CallRef = call) => void t.ringsForPush(phone, of),
    pushOnly: (of: CallRef = call) => t.pushed(phone, of, { mustReport: false }).delivered,
    showsCall(of: CallRef = call, { anew = false, ...details }: { anew?: boolean; afterMs?: number } = {}) {
      made += 1;
      const uuid = anew ? { uuid: `00000000-0000-4000-8000-0000000000f${made}` } : {};
      return t.reports(phone, of, { ...details, ...uuid }).outcome as EventOf<"ringing.shown">;
    },
    answersCall(of: CallRef = call) {
      t.answers(phone, of);
      return common.last("user.answered");
    },
    declinesCall(of: CallRef = call) {
      t.declines(phone, of);
      return common.last("user.declined");
    },
    hangsUpCall(of: CallRef = call) {
      t.hangsUp(phone, of);
      return common.last("user.hung-up");
    },
    connectsCall: (of: CallRef = call) => void t.fulfils(phone, of, "answer"),
    endsCall: (of: CallRef = call, { failed = false, ...details }: { afterMs?: number; failed?: boolean } = {}) =>
      void t.ends(phone, of, failed ? "failed" : "remoteEnded", details),
  });
}

function androidStage(setup: ClientTraceSetup): AppStage {
  const t = androidTrace(setup);
  const common = shared(t);
  return Object.assign(t, common, {
    pushRings: (of: CallRef = call) => void t.rings(phone, of),
    pushOnly(of: CallRef = call) {
      const message = t.message(phone, of);
      t.messageReturns(message);
      return message.delivered;
    },
    showsCall(of: CallRef = call, { anew = false, ...details }: { anew?: boolean; afterMs?: number } = {}) {
      const id = anew ? { notificationId: `anew ${of}`, connectionId: "anew" } : {};
      if (anew) {
        const body = { kind: "telecom.call-added", connectionId: "anew", shownBy: "app" } as const;
        t.says(phone, "telecom.addNewIncomingCall", { connectionId: "anew" }, [body], { call: of, ...details });
      } else t.adds(phone, of, details);
      t.posts(phone, of, id);
      return common.last("ringing.shown");
    },
    answersCall(of: CallRef = call) {
      t.taps(phone, of, "answer");
      return common.last("user.answered");
    },
    declinesCall(of: CallRef = call) {
      t.taps(phone, of, "decline");
      return common.last("user.declined");
    },
    hangsUpCall(of: CallRef = call) {
      t.taps(phone, of, "hangup");
      return common.last("user.hung-up");
    },
    connectsCall(of: CallRef = call) {
      t.moves(phone, of, "ACTIVE");
      t.updates(phone, of);
    },
    endsCall(of: CallRef = call, { failed = false, ...details }: { afterMs?: number; failed?: boolean } = {}) {
      t.ends(phone, of, failed ? "ERROR" : "REMOTE", details);
    },
  });
}

export const platforms = ["ios", "android"] as const;
