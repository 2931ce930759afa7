import { embeddedConfig } from "../cli/embedded-default.ts";
import { openRun, type OpenRun } from "../cli/open-run.ts";
import { TargetError } from "../harness/errors.ts";
import type { CasePlayer } from "../harness/run/case-player.ts";
import { pool } from "../harness/run/pool.ts";
import { surveyCases, type SurveyCase } from "../harness/run/survey-cases.ts";
import { scenarios } from "../scenarios/catalogue.ts";
import { type Figures, type PartContext, ratioOf } from "./figures.ts";
import { judgingPlayer } from "./judging-player.ts";

export interface CaseFigures extends Figures {
  /** Cases per second one at a time. */
  readonly oneAtATime: number;
  readonly cases: number;
  readonly casesOneAtATime: number;
  /** Cases in which a requirement failed, although the target conforms: what crowding costs. */
  readonly failedCases: number;
  readonly harnessFaults: number;
  /** Verdicts given, `not-exercised` ones aside: shows that the cases were judged. */
  readonly verdicts: number;
  readonly worstEventLoopDelayMs: number;
}

const AT_A_TIME = 64;
const CASES = 256;
const ALONE = 8;
const SEED = 20_260_101;

interface PlayedCase {
  readonly plan: SurveyCase;
  readonly durationMs: number;
}

/**
 * Cases per second against the reference holding proxy, 64 at a time beside one at a time, each judged by every requirement. All
 * witnesses and then generated plans, always the same ones. Alone a sample of them is played: evenly spaced when ordered by how
 * long they took in company, so that long and short ones are in it as they are in all. Takes half a minute.
 */
export async function benchCases({ signal, say }: PartContext): Promise<CaseFigures> {
  const { suite, ...config } = embeddedConfig("holding-proxy");
  say("starting the world and the reference holding proxy");
  const run = await openRun({ ...config, suite: { ...suite, concurrency: AT_A_TIME } }, signal, say);
  try {
    run.world.attach(run.target);
    const player = judgingPlayer(run);
    const tally = { failedCases: 0, harnessFaults: 0, verdicts: 0 };
    const plans = surveyCases(scenarios, run.facts, { runs: CASES, seed: SEED }).slice(0, CASES);

    say(`${plans.length} cases, ${AT_A_TIME} at a time`);
    const together = await playAll(plans, AT_A_TIME, { run, player, signal, tally });
    const ordered = together.played.toSorted((a, b) => a.durationMs - b.durationMs).map(({ plan }) => plan);
    const sample = Array.from({ length: ALONE }, (_, index) =>
      ordered.slice(Math.floor(((index + 0.5) * ordered.length) / ALONE)).slice(0, 1),
    ).flat();

    say(`${sample.length} of them one at a time`);
    const alone = await playAll(sample, 1, { run, player, signal, tally });
    return {
      value: together.perSecond,
      unit: `cases/s, ${AT_A_TIME} at a time`,
      ratio: ratioOf(together.perSecond, alone.perSecond),
      oneAtATime: alone.perSecond,
      cases: plans.length,
      casesOneAtATime: sample.length,
      ...tally,
      worstEventLoopDelayMs: Math.round(run.world.worstEventLoopDelayMs()),
    };
  } finally {
    await run.close();
  }
}

async function playAll(
  plans: readonly SurveyCase[],
  atATime: number,
  given: {
    readonly run: OpenRun;
    readonly player: CasePlayer;
    readonly signal: AbortSignal;
    readonly tally: { failedCases: number; harnessFaults: number; verdicts: number };
  },
): Promise<{ readonly perSecond: number; readonly played: readonly PlayedCase[] }> {
  const { run, player, signal, tally } = given;
  const waiting = [...plans];
  const played: PlayedCase[] = [];
  const startMs = performance.now();
  await pool(
    atATime,
    () => (signal.aborted ? undefined : waiting.shift()),
    async (plan) => {
      const { end, verdicts, durationMs } = await player.play(plan.id, plan.surveyed.value, signal);
      if (run.target.exited !== undefined) throw new TargetError("target-died", "the reference server ended by itself");
      if (end.kind === "harness-fault") tally.harnessFaults += 1;
      if (Object.values(verdicts).some(({ kind }) => kind === "fail")) tally.failedCases += 1;
      tally.verdicts += Object.values(verdicts).filter(({ kind }) => kind !== "not-exercised").length;
      played.push({ plan, durationMs });
    },
  );
  signal.throwIfAborted();
  const perSecond = played.length / ((performance.now() - startMs) / 1000);
  return { perSecond: Math.round(perSecond * 1000) / 1000, played };
}
