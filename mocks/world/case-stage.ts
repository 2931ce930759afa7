import type { Clock } from "../../harness/clock/clock.ts";
import { messageOf } from "../../harness/errors.ts";
import { describeAction } from "../../harness/plan/describe-step.ts";
import type { Action, Plan } from "../../harness/plan/plan.ts";
import { stepScheduler, type DueStep } from "../../harness/plan/step-scheduler.ts";
import type { Lease } from "../../harness/run/world.ts";
import type { TargetExit } from "../../harness/targets/target-definition.ts";
import { traceRecorder } from "../../harness/trace/recorder.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { CallRef, PhoneRef } from "../../harness/trace/trace-event.ts";
import type { CaseEnd, CaseIdentities, Trace } from "../../harness/trace/trace.ts";
import { caseEnding, type CaseEnding } from "./case-ending.ts";
import { caseRecorder, type CaseRecorder } from "./case-recorder.ts";
import { pendingTimers, type PendingTimers } from "./pending-timers.ts";

/** What playing a plan takes in one role. */
export interface CaseCast {
  /** Brings the phones to where the plan begins. A rejection is a harness fault. */
  setUp(): Promise<void>;
  /** Why the case cannot end yet, or undefined. Asked only once the set-up is over. */
  waitsFor(): string | undefined;
  act(action: Action): void;
  identities(): CaseIdentities;
  /** Ends what is still up, after the trace was taken. */
  farewell(): Promise<void>;
  /** Lets go of everything, however the case ended. */
  close(): Promise<void>;
}

/** Where one plan is played, whatever the role: its recorder, its steps in time, and its end. */
export interface CaseStage {
  readonly recorder: CaseRecorder;
  readonly timers: PendingTimers;
  /** RingTrue itself went wrong: the case becomes a harness fault. */
  fault(message: string): void;
  /** Something changed that may have been the last thing the case waited for. */
  changed(): void;
  targetExited(exit: TargetExit): void;
  /** Plays the plan with this cast and gives the trace; everything is let go of when it resolves. */
  play(cast: CaseCast, signal: AbortSignal): Promise<Trace>;
}

export interface CaseStageOptions {
  readonly plan: Plan;
  readonly lease: Lease;
  readonly facts: RunFacts;
  readonly clock: Clock;
  readonly lagMs: () => number;
}

const ourselves = { from: "harness", to: "harness", by: "world" } as const;

export function caseStage({ plan, lease, facts, clock, lagMs }: CaseStageOptions): CaseStage {
  const recorder = caseRecorder(traceRecorder({ clock, lagMs }));
  const scheduler = stepScheduler(plan);
  let ending: CaseEnding | undefined;
  /** How the case ended before it began. */
  let early: CaseEnd | undefined;
  let isSetUp = false;
  let hasExited = false;
  const changed = (): void => ending?.changed();
  const timers = pendingTimers(clock, changed);

  function end(how: CaseEnd): void {
    if (ending === undefined) early ??= how;
    else ending.end(how);
  }

  function fault(message: string): void {
    recorder.record(ourselves, { kind: "harness.fault", message });
    end({ kind: "harness-fault", atMs: clock.now(), message });
  }

  async function setUp(cast: CaseCast): Promise<void> {
    try {
      await cast.setUp();
      isSetUp = true;
      for (const due of scheduler.started(recorder.events().length)) schedule(due, cast);
      changed();
    } catch (error) {
      fault(`setting up the case failed: ${messageOf(error)}`);
    }
  }

  function waitsFor(cast: CaseCast): string | undefined {
    if (!isSetUp) return "the phones' first registrations";
    if (timers.pending() > 0) return "a step, push answer or push delivery that is due";
    return cast.waitsFor();
  }

  function schedule({ step, delayMs, cause }: DueStep, cast: CaseCast): void {
    timers.after(delayMs, () => {
      const action = plan.steps[step]!.do;
      recorder.duringStep(step, () => {
        recorder.record(
          { ...ourselves, ...(cause === undefined ? {} : { cause }), ...refsOf(action) },
          { kind: "step.played", action: describeAction(action, plan.role) },
        );
        cast.act(action);
      });
    });
  }

  function noteUnreached(): void {
    for (const { step, action, anchor } of scheduler.unreached()) {
      recorder.duringStep(step, () => void recorder.record(ourselves, { kind: "step.unreached", action, anchor }));
    }
  }

  return {
    recorder,
    timers,
    fault,
    changed,
    targetExited(exit) {
      if (hasExited) return;
      hasExited = true;
      recorder.record({ from: "target", to: "harness", by: "target" }, { kind: "target.exited", ...exit });
      const how = exit.why ?? (exit.signal === null ? `exit code ${exit.code}` : exit.signal);
      end({ kind: "target-died", atMs: clock.now(), how });
    },
    async play(cast, signal) {
      const own = caseEnding(clock, facts, () => waitsFor(cast));
      ending = own;
      if (early !== undefined) own.end(early);
      const abort = (): void => own.end({ kind: "interrupted", atMs: clock.now() });
      signal.addEventListener("abort", abort, { once: true });
      const stopListening = recorder.onEvent((event) => {
        own.observe(event);
        for (const due of scheduler.observe(event)) schedule(due, cast);
      });
      try {
        if (signal.aborted) abort();
        else if (early === undefined) void setUp(cast);
        const how = await own.ended;
        stopListening();
        timers.close();
        noteUnreached();
        const trace: Trace = {
          schema: "ringtrue.trace/1",
          scope: "case",
          case: lease.caseId,
          facts,
          plan,
          identities: cast.identities(),
          // A copy: what the farewell still stirs up is no evidence of this case.
          events: [...recorder.events()],
          end: how,
        };
        if (how.kind !== "target-died") await cast.farewell();
        return trace;
      } finally {
        signal.removeEventListener("abort", abort);
        timers.close();
        await cast.close();
      }
    },
  };
}

function refsOf(action: Action): { readonly phone?: PhoneRef; readonly call?: CallRef } {
  return {
    ...("phone" in action ? { phone: action.phone } : {}),
    ...("call" in action ? { call: action.call } : {}),
  };
}
