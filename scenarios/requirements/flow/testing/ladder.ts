import type { Requirement, Verdict } from "../../../../harness/judge/requirement.ts";
import { traceBuilder, type TraceBuilder, type TraceSetup } from "../../../../harness/judge/testing/trace-builder.ts";
import type { Trace } from "../../../../harness/trace/trace.ts";
import type { CallRef, PhoneRef } from "../../../../harness/trace/trace-event.ts";

export const call: CallRef = "call:1";
export const phone: PhoneRef = "phone:1";

/** The ordinary start of a case: one sleeping phone, called, pushed and woken. Nothing is recorded until a step is called. */
export function ladder(setup: TraceSetup = {}) {
  const t = traceBuilder(setup);
  return Object.assign(t, {
    /** INVITE, 100, push. */
    pushed(to: PhoneRef = phone, of: CallRef = call) {
      const invite = t.callerInvites(of);
      t.callerGets(of, 100);
      return { invite, ...t.push(to, of) };
    },
    /** The phone wakes and the INVITE reaches it. */
    wokenWithInvite(at: PhoneRef = phone, of: CallRef = call) {
      const { request, response } = t.wakes(at);
      return { register: request, accepted: response, invite: t.inviteReaches(at, of) };
    },
    /** 180 from the phone to the caller. */
    rings(at: PhoneRef = phone, of: CallRef = call) {
      const ringing = t.phoneSends(at, of, 180);
      return { ringing, relayed: t.callerGets(of, 180, { toTag: `${at}-tag` }) };
    },
    /** 200 from the phone to the caller, ACK back. */
    answers(at: PhoneRef = phone, of: CallRef = call) {
      const answer = t.phoneSends(at, of, 200);
      const relayed = t.callerGets(of, 200, { toTag: `${at}-tag` });
      const callerAck = t.callerAcks(of);
      return { answer, relayed, callerAck, ack: t.ackReaches(at, of) };
    },
    /** The caller's BYE, through to the phone. */
    callerEnds(at: PhoneRef = phone, of: CallRef = call) {
      const bye = t.callerHangsUp(of);
      return { bye, atPhone: t.byeReaches(at, of) };
    },
    /** The caller's CANCEL while the phone has the INVITE, as a target should treat it. */
    callerCancelsRinging(at: PhoneRef = phone, of: CallRef = call) {
      const cancel = t.callerCancels(of);
      const answer = t.callerGetsForCancel(of);
      const atPhone = t.cancelReaches(at, of);
      const final = t.callerGets(of, 487);
      t.callerAcks(of);
      return { cancel, answer, atPhone, final };
    },
  });
}

export type Ladder = ReturnType<typeof ladder>;

/** A whole call to a sleeping phone that was answered and hung up. */
export function answeredCall(setup: TraceSetup = {}): Trace {
  const t = ladder(setup);
  t.pushed();
  t.wokenWithInvite();
  t.rings();
  t.answers();
  t.callerEnds();
  return t.finished();
}

/** No call at all. */
export function quiet(setup: TraceSetup = {}): Trace {
  return traceBuilder(setup).finished();
}

/** The trace, ended at once without its absence window. */
export function cutShort(t: TraceBuilder): Trace {
  return t.capped();
}

/** What a fail says, and the seq of the violation: the last of its evidence. Nothing of either for any other verdict. */
export function failure(verdict: Verdict): {
  readonly mismatch: string | undefined;
  readonly violation: number | undefined;
} {
  if (verdict.kind !== "fail") return { mismatch: undefined, violation: undefined };
  return { mismatch: verdict.mismatch, violation: verdict.evidence.at(-1) };
}

export function kindOf(requirement: Requirement, trace: Trace): Verdict["kind"] {
  return requirement.judge(trace).kind;
}
