import type { Deadlines } from "../../../harness/trace/run-facts.ts";
import type { CallRef, TraceEvent } from "../../../harness/trace/trace-event.ts";

/** What is still to come on one phone, read off what its system did. */
export interface PhoneWatch {
  /** An event about this phone. */
  observe(event: TraceEvent): void;
  /** Why the case cannot end yet, or undefined. */
  waitsFor(nowMs: number, now: PhoneNow): string | undefined;
}

/** What the phone is at when it is asked. */
export interface PhoneNow {
  /** An INVITE of it got through to the phone. */
  readonly isInvited: (call: CallRef) => boolean;
  /** The call is over at the caller's side. */
  readonly isOver: (call: CallRef) => boolean;
  /** The phone has it, ringing or not. */
  readonly shows: (call: CallRef) => boolean;
}

/** How long past a deadline the case waits, so that a judge sees it was missed and not just near. */
const PAST_DEADLINE_MS = 300;
/** An action with more time left than this is not waited for: a CallKit answer may take a minute. */
const MOST_ACTION_MS = 10_000;

export function phoneWatch({ inviteWaitMs }: Deadlines): PhoneWatch {
  /** Pushes the app has not been handed. */
  const coming = new Set<string>();
  /** Calls a push was handed over for, and when the last one was delivered. */
  const pushed = new Map<CallRef, number>();
  /** Until when the actions the app was asked for can be settled. */
  const actions = new Map<string, number>();
  /** Windows of high messages that have shown nothing. */
  const windows = new Map<string, { readonly untilMs: number; readonly call: CallRef | undefined }>();
  const high = new Set<string>();
  const rung = new Set<CallRef>();

  return {
    observe(event) {
      switch (event.kind) {
        case "push.delivered":
          coming.add(event.push);
          if (event.priority === "high") high.add(event.push);
          if (event.call !== undefined) pushed.set(event.call, event.atMs);
          break;
        case "push.received":
        case "push.withheld":
        case "push.in-tray":
        case "message.failed":
          coming.delete(event.push);
          break;
        case "message.window-opened":
          coming.delete(event.push);
          if (high.has(event.push)) windows.set(event.push, { untilMs: event.atMs + event.forMs, call: event.call });
          break;
        case "message.window-closed":
          windows.delete(event.push);
          break;
        case "app.launch-failed":
          coming.clear();
          break;
        case "action.performed":
          actions.set(event.action, event.atMs + event.timeoutMs);
          break;
        case "action.settled":
          actions.delete(event.action);
          break;
        case "ringing.shown":
          if (event.call !== undefined) rung.add(event.call);
          windows.clear();
          break;
        case "notification.shown":
          windows.clear();
          break;
        default:
          break;
      }
    },
    waitsFor(nowMs, { isInvited, isOver, shows }) {
      if (coming.size > 0) return "a push that is to be handed over";
      for (const dueMs of actions.values())
        if (dueMs > nowMs && dueMs <= nowMs + MOST_ACTION_MS) return "an action that is to be settled";
      for (const { untilMs, call } of windows.values())
        if (nowMs <= untilMs && (call === undefined || !(rung.has(call) || isOver(call))))
          return "what a message leads to";
      for (const [call, atMs] of pushed)
        if ((!isInvited(call) || isOver(call)) && shows(call) && nowMs < atMs + inviteWaitMs.max + PAST_DEADLINE_MS)
          return `the end of ${call}, which has no INVITE`;
      return undefined;
    },
  };
}
