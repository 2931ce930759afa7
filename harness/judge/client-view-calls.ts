import type { CallRef, EventOf, PhoneRef, Platform, TraceEvent } from "../trace/trace-event.ts";

/** A call as a phone shows it, under whatever name its system has for it. */
export interface ShownCall {
  readonly phone: PhoneRef;
  readonly platform: Platform;
  /** iOS: the UUID, in lower case. Android: the connection id, or `notification <id>` where there is no connection. */
  readonly id: string;
  /** The call of the plan it is, where that is known. */
  readonly call: CallRef | undefined;
  /** From here on the phone has it. */
  readonly since: TraceEvent;
  /** When it rang, in order; more than one is more than one ring. */
  readonly ringing: readonly RingingSpan[];
  /** The phone took the user's answer. */
  readonly answered: TraceEvent | undefined;
  /** The phone shows it connected (iOS: the answer was fulfilled; Android: ACTIVE). */
  readonly connected: TraceEvent | undefined;
  readonly ended: ShownEnd | undefined;
}

export interface RingingSpan {
  readonly from: TraceEvent;
  readonly until: TraceEvent | undefined;
}

export interface ShownEnd {
  readonly event: TraceEvent;
  /** As the system has it: a reason of CXCallEndedReason, `ended`, a DisconnectCause, ... */
  readonly why: string;
}

/** What the user did about a call. */
export type UserAct = EventOf<"user.answered" | "user.declined" | "user.hung-up" | "user.held">;
