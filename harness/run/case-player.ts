import { linkedAbort } from "../clock/linked-abort.ts";
import { HarnessFault, messageOf, RingTrueError } from "../errors.ts";
import { judgeTrace } from "../judge/judge-trace.ts";
import type { RequirementId, Verdict } from "../judge/requirement.ts";
import type { Plan } from "../plan/plan.ts";
import type { CaseId } from "../trace/trace-event.ts";
import type { CaseEnd, Trace } from "../trace/trace.ts";
import { accountLending } from "./account-lending.ts";
import type { SuiteOptions } from "./suite-options.ts";

/** The world ends a case long before; this is for a world that hangs. */
const CASE_CAP_MS = 90_000;
const FAREWELL_MS = 5_000;

/** One play of a plan, judged. A play that is a harness fault carries no verdicts. */
export interface Played {
  readonly trace: Trace;
  readonly verdicts: Readonly<Record<RequirementId, Verdict>>;
  readonly durationMs: number;
}

export interface CasePlayer {
  /** Plays it once as that case, and judges it. Never hangs, and throws only for what is wrong with a judge or the accounts. */
  play(caseId: CaseId, plan: Plan, signal: AbortSignal): Promise<Played>;
}

export type PlayerOptions = Pick<SuiteOptions, "world" | "requirements" | "ownFaults" | "nonce" | "accounts" | "clock">;

export function casePlayer(options: PlayerOptions): CasePlayer {
  const { world, requirements, clock } = options;
  const lending = options.accounts === undefined ? undefined : accountLending(options.accounts);
  const attempts = new Map<CaseId, { readonly number: number; attempt: number }>();

  const nextAttempt = (caseId: CaseId): { readonly attempt: number; readonly nonce: string } => {
    const known = attempts.get(caseId) ?? { number: attempts.size + 1, attempt: 0 };
    known.attempt += 1;
    attempts.set(caseId, known);
    return { attempt: known.attempt, nonce: `${options.nonce}-${known.number}-${known.attempt}` };
  };

  return {
    async play(caseId, plan, signal) {
      const borrowed = await lending?.borrow(accountsOf(plan));
      const cap = new AbortController();
      const ending = linkedAbort([signal, cap.signal]);
      const startedAt = clock.now();
      const stopCap = clock.after(CASE_CAP_MS, () => cap.abort());
      try {
        const lease = {
          caseId,
          ...nextAttempt(caseId),
          ...(borrowed === undefined ? {} : { accounts: borrowed.accounts }),
        };
        const played = world.play(plan, lease, ending.signal);
        const trace = await endingInTime(played, cap.signal, (message) => faultTrace(caseId, plan, message));
        const checked = withOwnFaults(trace, options.ownFaults);
        return {
          trace: checked,
          verdicts: checked.end.kind === "harness-fault" ? {} : judgeTrace(checked, requirements),
          durationMs: clock.now() - startedAt,
        };
      } finally {
        stopCap();
        ending.release();
        borrowed?.giveBack();
      }
    },
  };

  function faultTrace(caseId: CaseId, plan: Plan, message: string): Trace {
    const end: CaseEnd = { kind: "harness-fault", atMs: clock.now(), message };
    return { schema: "ringtrue.trace/1", scope: "case", case: caseId, facts: world.runFacts, plan, events: [], end };
  }

  /** What the world gives; a fault in its place when it throws, or does not end even when told to. */
  async function endingInTime(
    played: Promise<Trace>,
    cap: AbortSignal,
    fault: (message: string) => Trace,
  ): Promise<Trace> {
    let stopWaiting = (): void => {};
    const hung = new Promise<Trace>((resolve) => {
      const farewell = (): void => {
        stopWaiting = clock.after(FAREWELL_MS, () => resolve(fault(`the case did not end within ${CASE_CAP_MS} ms`)));
      };
      cap.addEventListener("abort", farewell, { once: true });
    });
    try {
      const trace = await Promise.race([played, hung]);
      if (!cap.aborted || trace.end.kind === "harness-fault") return trace;
      return {
        ...trace,
        end: { kind: "harness-fault", atMs: trace.end.atMs, message: `the case did not end within ${CASE_CAP_MS} ms` },
      };
    } catch (error) {
      if (error instanceof RingTrueError && error.fault === "user") throw error;
      return fault(`the world threw: ${messageOf(error)}`);
    } finally {
      stopWaiting();
    }
  }
}

/** A trace in which RingTrue itself did wrong says nothing about the target. */
export function withOwnFaults(trace: Trace, ownFaults: SuiteOptions["ownFaults"]): Trace {
  if (trace.end.kind === "harness-fault") return trace;
  const recorded = trace.events.flatMap((event) => (event.kind === "harness.fault" ? [event.message] : []));
  const faults = [...recorded, ...ownFaultsOf(trace, ownFaults)];
  if (faults.length === 0) return trace;
  return { ...trace, end: { kind: "harness-fault", atMs: trace.end.atMs, message: faults.join("; ") } };
}

function ownFaultsOf(trace: Trace, ownFaults: SuiteOptions["ownFaults"]): readonly string[] {
  try {
    return ownFaults(trace);
  } catch (error) {
    throw new HarnessFault(
      "own-faults-threw",
      `Looking for own faults in ${trace.case ?? "the run's trace"} threw: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** Leased accounts stand in the order of the plan's account numbers, from 1. */
function accountsOf({ phones, calls }: Plan): number {
  return Math.max(0, ...phones.map(({ account }) => account), ...calls.map(({ callee }) => callee));
}
