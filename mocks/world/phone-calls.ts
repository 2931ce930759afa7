import type { CallRef, PhoneRef } from "../../harness/trace/trace-event.ts";
import type { PhoneOs } from "../os/phone-os.ts";
import type { IncomingCall } from "../sip/incoming-call.ts";
import { sdpAnswer } from "../sip/sdp.ts";
import type { CaseContext } from "./case-context.ts";

/** The INVITEs at one phone, and what its user does about them. */
export interface PhoneCalls {
  onInvite(leg: IncomingCall): void;
  /** Answers or, with a status, declines. A user who is faster than the INVITE has decided for when it comes. */
  decide(call: CallRef, status: number | undefined): void;
  hangUp(call: CallRef): void;
  ringsFor(call: CallRef): boolean;
  leave(): void;
}

export function phoneCalls(
  context: CaseContext,
  phone: PhoneRef,
  os: PhoneOs,
  presentFlow: () => string | undefined,
): PhoneCalls {
  const { recorder } = context;
  const legs = new Map<CallRef, IncomingCall[]>();
  const decided = new Map<CallRef, number | undefined>();
  const user = { from: "user", to: "os", by: "world", phone } as const;

  /** Undecided INVITEs on the socket the app has now. */
  function live(call: CallRef): readonly IncomingCall[] {
    return (legs.get(call) ?? []).filter(({ state, flow }) => state() === "incoming" && flow === presentFlow());
  }

  function settle(call: CallRef, leg: IncomingCall, status: number | undefined): void {
    if (status === undefined) leg.answer(sdpAnswer(Buffer.from(leg.invite.body).toString()));
    else leg.reject(status);
    os.endCall(call, status === undefined ? "answered" : "declined");
  }

  return {
    onInvite(leg) {
      // The tap has seen the INVITE before and learnt its Call-ID.
      const call = context.directory.callOfMessage(phone, leg.invite, []);
      if (call === undefined) {
        // Nobody of this case calls here: a real phone would ring all the same.
        leg.ring();
        return;
      }
      legs.set(call, [...(legs.get(call) ?? []), leg]);
      leg.listen((event) => {
        if (event.kind === "acknowledged") return;
        if (!live(call).some((other) => other !== leg)) os.endCall(call, event.kind);
        context.changed();
      });
      os.showCall(call, "invite");
      if (decided.has(call)) {
        settle(call, leg, decided.get(call));
        decided.delete(call);
      } else {
        leg.ring();
      }
      context.changed();
    },
    decide(call, status) {
      const leg = live(call).at(-1);
      // Nothing to tap on: the call neither rings nor is here.
      if (leg === undefined && !os.showsCall(call)) return;
      recorder.record(
        { ...user, call },
        status === undefined ? { kind: "user.answered" } : { kind: "user.declined", status },
      );
      if (leg === undefined) decided.set(call, status);
      else settle(call, leg, status);
      context.changed();
    },
    hangUp(call) {
      const leg = legs.get(call)?.findLast(({ state }) => state() === "answered" || state() === "confirmed");
      if (leg === undefined) return;
      recorder.record({ ...user, call }, { kind: "user.hung-up" });
      leg.bye();
      context.changed();
    },
    ringsFor: (call) => live(call).length > 0,
    leave() {
      for (const leg of [...legs.values()].flat()) {
        if (leg.state() === "incoming") leg.reject(480);
        else if (leg.state() === "answered" || leg.state() === "confirmed") leg.bye();
      }
    },
  };
}
