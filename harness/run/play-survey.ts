import type { CasePlayer, Played } from "./case-player.ts";
import { pool } from "./pool.ts";
import type { SurveyCase } from "./survey-cases.ts";
import type { TargetKeeper } from "./target-keeper.ts";

/** So many cases each of which ends the target say enough; starting it again for the rest would take for ever. */
const MOST_DEATHS = 10;

export interface SurveyOptions {
  readonly cases: readonly SurveyCase[];
  readonly concurrency: number;
  readonly player: CasePlayer;
  readonly keeper: TargetKeeper;
  readonly signal: AbortSignal;
  readonly onStarted: (survey: SurveyCase) => void;
  /** Not called for a case that was cut short from outside: it was not played. */
  readonly onPlayed: (survey: SurveyCase, played: Played) => void;
}

/**
 * Plays every case of the survey, K at once. When the target goes, the cases it leaves behind are played again one by one, each
 * on a living target: a case that ends it again keeps that trace. Returns why it stopped early, or undefined.
 */
export async function playSurvey(options: SurveyOptions): Promise<string | undefined> {
  const { cases, concurrency, player, keeper, signal } = options;
  let position = 0;
  let deaths = 0;
  while (position < cases.length && !signal.aborted) {
    await keeper.ensureAlive();
    const leftBehind: SurveyCase[] = [];
    const next = (): SurveyCase | undefined => (keeper.isGone() || signal.aborted ? undefined : cases[position++]);
    await pool(concurrency, next, async (survey) => {
      options.onStarted(survey);
      const played = await player.play(survey.id, survey.surveyed.value, signal);
      if (played.end.kind === "target-died") leftBehind.push(survey);
      else finish(survey, played);
    });
    for (const survey of leftBehind) {
      if (signal.aborted) break;
      await keeper.ensureAlive();
      const played = await player.play(survey.id, survey.surveyed.value, signal);
      finish(survey, played);
      if (played.end.kind === "target-died") deaths += 1;
      if (deaths >= MOST_DEATHS)
        return `the target died in ${deaths} cases, each played alone on a fresh start; the rest was not played`;
    }
  }
  return undefined;

  function finish(survey: SurveyCase, played: Played): void {
    if (played.end.kind !== "interrupted") options.onPlayed(survey, played);
  }
}
