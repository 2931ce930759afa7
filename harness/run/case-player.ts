import { linkedAbort } from "../clock/linked-abort.ts";
import { messageOf, RingTrueError } from "../errors.ts";
import type { RequirementId } from "../judge/requirement.ts";
import type { Plan } from "../plan/plan.ts";
import type { CaseId } from "../trace/trace-event.ts";
import type { CaseEnd, Trace } from "../trace/trace.ts";
import { accountLending } from "./account-lending.ts";
import { type JudgedPlay, judgePlayed } from "./judge-played.ts";
import type { SuiteOptions } from "./suite-options.ts";
import type { Lease } from "./world.ts";

/** The world ends a case long before; this is for a world that hangs. */
const CASE_CAP_MS = 90_000;
const FAREWELL_MS = 5_000;
/** What is wrong with a judge is wrong with every case. */
const JUDGE_FAULTS: ReadonlySet<string> = new Set(["judge-threw", "own-faults-threw"]);

export interface Played extends JudgedPlay {
  readonly durationMs: number;
}

export interface CasePlayer {
  /** Plays it once as that case, and judges it. Never hangs, and throws only for what is wrong with a judge or the accounts. */
  play(caseId: CaseId, plan: Plan, signal: AbortSignal): Promise<Played>;
}

export type PlayerOptions = Pick<
  SuiteOptions,
  "world" | "requirements" | "ownFaults" | "nonce" | "accounts" | "clock" | "keepAll"
>;

export function casePlayer(options: PlayerOptions): CasePlayer {
  const { world, requirements, clock } = options;
  const isAskedFor = new Set(requirements.map(({ id }) => id));
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
        const lease: Lease = {
          caseId,
          ...nextAttempt(caseId),
          ...(options.keepAll === true ? { keepsTrace: true } : {}),
          ...(borrowed === undefined ? {} : { accounts: borrowed.accounts }),
        };
        const played = await endingInTime(playJudged(plan, lease, ending.signal), cap.signal, (message) =>
          fault(caseId, plan, message),
        );
        return { ...played, durationMs: clock.now() - startedAt };
      } finally {
        stopCap();
        ending.release();
        borrowed?.giveBack();
      }
    },
  };

  async function playJudged(plan: Plan, lease: Lease, signal: AbortSignal): Promise<JudgedPlay> {
    const played = await world.play(plan, lease, signal);
    if (!("verdicts" in played)) return judgePlayed(played, options);
    const { verdicts, ...rest } = played;
    if ((Object.keys(verdicts) as RequirementId[]).every((id) => isAskedFor.has(id))) return played;
    return {
      ...rest,
      verdicts: Object.fromEntries(Object.entries(verdicts).filter(([id]) => isAskedFor.has(id as RequirementId))),
    };
  }

  function fault(caseId: CaseId, plan: Plan, message: string): JudgedPlay {
    const end: CaseEnd = { kind: "harness-fault", atMs: clock.now(), message };
    const { runFacts: facts } = world;
    const trace: Trace = { schema: "ringtrue.trace/1", scope: "case", case: caseId, facts, plan, events: [], end };
    return { end, verdicts: {}, trace };
  }

  /** What the world gives; a fault in its place when it throws, or does not end even when told to. */
  async function endingInTime(
    played: Promise<JudgedPlay>,
    cap: AbortSignal,
    faultOf: (message: string) => JudgedPlay,
  ): Promise<JudgedPlay> {
    const tooLong = `the case did not end within ${CASE_CAP_MS} ms`;
    let stopWaiting = (): void => {};
    let farewell = (): void => {};
    const hung = new Promise<JudgedPlay>((resolve) => {
      farewell = (): void => {
        stopWaiting = clock.after(FAREWELL_MS, () => resolve(faultOf(tooLong)));
      };
      cap.addEventListener("abort", farewell, { once: true });
    });
    try {
      const one = await Promise.race([played, hung]);
      if (!cap.aborted || one.end.kind === "harness-fault") return one;
      const end: CaseEnd = { kind: "harness-fault", atMs: one.end.atMs, message: tooLong };
      return { end, verdicts: {}, ...(one.trace === undefined ? {} : { trace: { ...one.trace, end } }) };
    } catch (error) {
      if (error instanceof RingTrueError && (error.fault === "user" || JUDGE_FAULTS.has(error.code))) throw error;
      return faultOf(`the world threw: ${messageOf(error)}`);
    } finally {
      stopWaiting();
      cap.removeEventListener("abort", farewell);
    }
  }
}

/** Leased accounts stand in the order of the plan's account numbers, from 1. */
function accountsOf({ phones, calls }: Plan): number {
  return Math.max(0, ...phones.map(({ account }) => account), ...calls.map(({ callee }) => callee));
}
