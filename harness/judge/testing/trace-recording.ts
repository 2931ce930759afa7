import type { Plan } from "../../plan/plan.ts";
import type { RunFacts } from "../../trace/run-facts.ts";
import type { CaseEnd, CaseIdentities, Trace } from "../../trace/trace.ts";
import type { Envelope, EventBody, EventOf, Lane, SipEvent, TraceEvent } from "../../trace/trace-event.ts";

/** When and by whom; without a time an event comes 10 ms after the one before it. */
export interface Details extends Partial<
  Pick<Envelope, "call" | "phone" | "step" | "cause" | "retransmitOf" | "claimedBy">
> {
  readonly atMs?: number;
  /** Milliseconds after the event before it. */
  readonly afterMs?: number;
  readonly lagMs?: number;
  readonly by?: "target" | "world";
}

export interface SipDetails extends Details {
  readonly flow?: string;
  readonly fate?: SipEvent["fate"];
  /** Changes the finished text: how a test breaks a message. */
  readonly edit?: (text: string) => string;
}

/** What every trace of a test is made with: events in order, then an end. */
export interface TraceRecording {
  readonly facts: RunFacts;
  readonly plan: Plan;
  /** Time of the newest event. */
  now(): number;
  /** Lets time pass before the next event. */
  wait(ms: number): void;
  event<B extends EventBody>(from: Lane, to: Lane, body: B, details?: Details): Envelope & B;
  sip(from: Lane, to: Lane, text: string, details: SipDetails & { readonly flow: string }): EventOf<"sip">;
  /** The trace, ended as given. */
  build(end: CaseEnd): Trace;
  /** The trace of a case that ended by itself, absence window and all. */
  finished(): Trace;
  /** The trace of a case that ran into its hard cap. */
  capped(why?: string): Trace;
  /** The trace of a case during which the target died. */
  targetDied(how?: string): Trace;
}

/** Records events as the world does, without a world. */
export function traceRecording(facts: RunFacts, plan: Plan, identities: () => CaseIdentities): TraceRecording {
  const events: TraceEvent[] = [];
  let nowMs = 0;
  let waitedMs: number | undefined;

  function event<B extends EventBody>(from: Lane, to: Lane, body: B, details: Details = {}): Envelope & B {
    const { atMs, afterMs, lagMs, by, ...rest } = details;
    nowMs = atMs ?? nowMs + (afterMs ?? waitedMs ?? 10);
    waitedMs = undefined;
    const recorded = {
      seq: events.length,
      atMs: nowMs,
      lagMs: lagMs ?? 0,
      from,
      to,
      by: by ?? (from === "target" ? "target" : "world"),
      ...rest,
      ...body,
    } as Envelope & B;
    events.push(recorded);
    return recorded;
  }

  function build(end: CaseEnd): Trace {
    return {
      schema: "ringtrue.trace/1",
      scope: "case",
      case: "test-1",
      facts,
      plan,
      identities: identities(),
      events: [...events],
      end,
    };
  }

  return {
    facts,
    plan,
    event,
    build,
    now: () => nowMs,
    wait(ms) {
      waitedMs = (waitedMs ?? 0) + ms;
    },
    sip(from, to, text, { flow, fate, edit, ...details }) {
      const bytes = new TextEncoder().encode(edit === undefined ? text : edit(text));
      const body: SipEvent = { kind: "sip", transport: plan.transport, flow, bytes, fate: fate ?? "delivered" };
      return event(from, to, body, details) as EventOf<"sip">;
    },
    finished() {
      const fromMs = nowMs;
      return build({ kind: "finished", atMs: fromMs + facts.deadlines.absenceMs, absenceFromMs: fromMs });
    },
    capped: (why = "hard cap") => build({ kind: "capped", atMs: nowMs, why }),
    targetDied(how = "signal SIGSEGV") {
      event("target", "harness", { kind: "target.exited", code: null, signal: "SIGSEGV" });
      return build({ kind: "target-died", atMs: nowMs, how });
    },
  };
}
