import { embeddedConfig } from "../cli/embedded-default.ts";
import { openRun, type OpenRun } from "../cli/open-run.ts";
import type { Verdict } from "../harness/judge/requirement.ts";
import { casePlayer, type CasePlayer } from "../harness/run/case-player.ts";
import { pool } from "../harness/run/pool.ts";
import { surveyCases, type SurveyCase } from "../harness/run/survey-cases.ts";
import { requirements, scenarios } from "../scenarios/catalogue.ts";
import { ownSipFaults } from "../scenarios/requirements/sip/own-sip-faults.ts";
import { type Figures, type PartContext, ratioOf } from "./figures.ts";
import { differences } from "./verdict-differences.ts";

export interface PhoneFigures extends Figures {
  readonly phones: number;
  /** Verdicts compared, `not-exercised` ones aside. */
  readonly verdicts: number;
  /** Verdicts that one way of playing left undecided and the other did not: a busy machine. */
  readonly undecided: number;
  readonly casesPerSecondAlone: number;
}

const PHONES = 100;
/** Adapters side by side that have one phone each: so long that it is one at a time for each of them would take minutes. */
const ALONE = 16;
const SEED = 20_260_101;

type Verdicts = ReadonlyMap<string, Readonly<Record<string, Verdict>>>;

/**
 * A hundred simulated phones on one adapter at once, and the same plans with one phone at a time on an adapter, live: no verdict may
 * differ. Takes a minute.
 */
export async function benchPhones({ signal, say }: PartContext): Promise<PhoneFigures> {
  say(`${PHONES} phones on one adapter at once`);
  const crowd = await open(PHONES, signal, say);
  const clientScenarios = scenarios.filter(({ roles, byName }) => roles.includes("client") && byName !== true);
  const plans = surveyCases(clientScenarios, crowd.run.facts, { runs: 40, seed: SEED })
    .filter(({ surveyed }) => surveyed.value.phones.length === 1)
    .slice(0, PHONES);
  const together = await played([crowd], plans, PHONES, signal);

  say(`the same with one phone at a time on each of ${ALONE} adapters`);
  const singles = await Promise.all(Array.from({ length: ALONE }, () => open(1, signal, say)));
  const alone = await played(singles, plans, 1, signal);

  const { differing, undecided, compared } = differences(together.verdicts, alone.verdicts);
  for (const line of differing) say(line);
  return {
    value: together.perSecond,
    unit: `cases/s, ${PHONES} phones on one adapter`,
    ratio: ratioOf(together.perSecond, alone.perSecond),
    phones: plans.length,
    verdicts: compared,
    undecided,
    casesPerSecondAlone: alone.perSecond,
    ...(differing.length === 0 ? {} : { failed: `${differing.length} verdicts differ: ${differing[0]}` }),
  };
}

interface Stand {
  readonly run: OpenRun;
  readonly player: CasePlayer;
}

async function open(concurrency: number, signal: AbortSignal, say: (line: string) => void): Promise<Stand> {
  const { suite, ...config } = embeddedConfig("connected");
  const run = await openRun({ ...config, suite: { ...suite, concurrency } }, signal, say);
  run.world.attach(run.target);
  const nonce = `bench${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  return {
    run,
    player: casePlayer({ world: run.world, requirements, ownFaults: ownSipFaults, nonce, clock: run.clock }),
  };
}

/** Plays every plan once, `each` at a time on every stand, and closes the stands. */
async function played(
  stands: readonly Stand[],
  plans: readonly SurveyCase[],
  each: number,
  signal: AbortSignal,
): Promise<{ readonly verdicts: Verdicts; readonly perSecond: number }> {
  const waiting = [...plans];
  const verdicts = new Map<string, Readonly<Record<string, Verdict>>>();
  const startMs = performance.now();
  try {
    await Promise.all(
      stands.map(async ({ player }) => {
        await pool(
          each,
          () => (signal.aborted ? undefined : waiting.shift()),
          async ({ id, surveyed }) => void verdicts.set(id, (await player.play(id, surveyed.value, signal)).verdicts),
        );
      }),
    );
    signal.throwIfAborted();
    return { verdicts, perSecond: Math.round((plans.length / (performance.now() - startMs)) * 1e6) / 1000 };
  } finally {
    await Promise.all(stands.map(({ run }) => run.close()));
  }
}
