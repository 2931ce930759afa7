import { HarnessFault, UsageError } from "../errors.ts";
import { isForRole, type RequirementId, type Verdict } from "../judge/requirement.ts";
import type { Trace } from "../trace/trace.ts";
import { casePlayer, type Played } from "./case-player.ts";
import type { ReplayFile } from "./replay-file.ts";
import type { SuiteOptions } from "./suite-options.ts";
import { targetKeeper } from "./target-keeper.ts";

/**
 * `fixed`: it passes and nothing else fails. `still-failing`: it fails for the same reason. `different`: it fails for another
 * reason, or another requirement fails; what rests on a deadline must then show twice, for a busy host is never a failed target.
 * `inconclusive`: neither could be told.
 */
export type ReplayOutcome = "fixed" | "still-failing" | "different" | "inconclusive";

export interface Replayed {
  readonly outcome: ReplayOutcome;
  /** Of the play that decided it. */
  readonly trace: Trace;
  readonly verdicts: Readonly<Record<RequirementId, Verdict>>;
  /** What fails in that play. */
  readonly failing: readonly RequirementId[];
  /** How many plays of how many showed the stored failure. */
  readonly reproduced: { readonly k: number; readonly n: number };
}

export type ReplayOptions = Pick<
  SuiteOptions,
  "world" | "target" | "requirements" | "ownFaults" | "nonce" | "accounts" | "clock" | "signal" | "onEvent"
> & {
  /** @default 3 */
  readonly plays?: number;
};

/**
 * Plays one stored counterexample again, alone, a few times. Leaves the world open.
 *
 * @throws UsageError when the requirement is unknown or does not apply to this target.
 */
export async function replayCounterexample(replay: ReplayFile, options: ReplayOptions): Promise<Replayed> {
  const { world, signal } = options;
  checkApplies(replay, options);
  const player = casePlayer({ ...options, keepAll: true });
  const keeper = targetKeeper(world, options.target, options.onEvent);
  const caseId = "replay";
  const plays: Played[] = [];
  try {
    do {
      await keeper.ensureAlive();
      plays.push(await player.play(caseId, replay.plan, signal));
    } while (plays.length < (options.plays ?? 3) && !signal.aborted);
  } finally {
    keeper.release();
  }
  const order: readonly ReplayOutcome[] = ["still-failing", "different", "fixed", "inconclusive"];
  const judged = plays.map((played) => ({ played, outcome: outcomeOf(replay, played, plays) }));
  const decisive = judged.toSorted((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome))[0];
  if (decisive === undefined) throw new UsageError("no-plays", "plays must be at least 1.");
  const { played, outcome } = decisive;
  if (played.trace === undefined) throw new HarnessFault("no-trace", "The world kept no trace of a play to be shown.");
  return {
    // Plays that were cut short show no mending.
    outcome: outcome === "fixed" && signal.aborted ? "inconclusive" : outcome,
    trace: played.trace,
    verdicts: played.verdicts,
    failing: failingOf(replay, played, plays),
    reproduced: { k: judged.filter((one) => one.outcome === "still-failing").length, n: judged.length },
  };
}

function checkApplies({ requirement: id }: ReplayFile, { requirements, world }: ReplayOptions): void {
  const requirement = requirements.find((one) => one.id === id);
  if (requirement === undefined)
    throw new UsageError("unknown-requirement", `The stored failure is of ${id}, which this catalogue does not have.`);
  const applies = isForRole(requirement, world.runFacts.role)
    ? requirement.applies(world.runFacts)
    : `it is about a ${requirement.role}`;
  if (applies !== true)
    throw new UsageError(
      "not-applicable",
      `The stored failure is of ${id}, which does not apply to this target: ${applies}.`,
    );
}

function outcomeOf(replay: ReplayFile, played: Played, plays: readonly Played[]): ReplayOutcome {
  if (showsStored(replay, played)) return "still-failing";
  if (failingOf(replay, played, plays).length > 0) return "different";
  return played.verdicts[replay.requirement]?.kind === "pass" ? "fixed" : "inconclusive";
}

function showsStored({ requirement, mismatch }: ReplayFile, { verdicts }: Played): boolean {
  const verdict = verdicts[requirement];
  return verdict?.kind === "fail" && (mismatch === undefined || verdict.mismatch === mismatch);
}

function failingOf(replay: ReplayFile, played: Played, plays: readonly Played[]): readonly RequirementId[] {
  const { verdicts } = played;
  const needed = Math.min(2, plays.length);
  return (Object.keys(verdicts) as RequirementId[]).filter((id) => {
    const verdict = verdicts[id];
    if (verdict?.kind !== "fail") return false;
    if (id === replay.requirement && showsStored(replay, played)) return true;
    const shown = plays.filter((play) => {
      const other = play.verdicts[id];
      return other?.kind === "fail" && other.mismatch === verdict.mismatch;
    });
    return verdict.basis !== "deadline" || shown.length >= needed;
  });
}
