import { embeddedClient } from "../cli/embedded-client.ts";
import { openRun } from "../cli/open-run.ts";
import type { QualifiedConfig } from "../harness/config/config.ts";
import type { Verdict } from "../harness/judge/requirement.ts";
import { pool } from "../harness/run/pool.ts";
import { surveyCases, type SurveyCase } from "../harness/run/survey-cases.ts";
import { moduleTarget } from "../harness/targets/module-target.ts";
import type { RunFacts } from "../harness/trace/run-facts.ts";
import { scenarios } from "../scenarios/catalogue.ts";
import { type Figures, type PartContext, ratioOf } from "./figures.ts";
import { judgingPlayer } from "./judging-player.ts";
import { differences } from "./verdict-differences.ts";

export interface VirtualFigures extends Figures {
  readonly plans: number;
  /** Verdicts compared, `not-exercised` ones aside. */
  readonly verdicts: number;
  /** Verdicts that one way of playing left undecided and the other did not: a busy machine. */
  readonly undecided: number;
  /** Plans that were played live once more, alone: on a busy machine a race of some milliseconds is decided by chance. */
  readonly playedAgain: number;
  /** Verdicts that only one way of playing gave: the plan has a race of a few milliseconds, which live takes the time of a machine. */
  readonly onlyOnce: number;
  readonly liveCasesPerSecond: number;
}

const PLANS = 200;
const LIVE_AT_A_TIME = 32;
const SEED = 20_260_102;
/** One verdict in so many may be one of a race; more of them, and it is not races. */
const VERDICTS_PER_RACE = 500;
/** As `embeddedClient` has it. */
const INVITE_WAIT_MS = 3_500;

/**
 * The reference client in virtual time, and the same plans live: no verdict may differ. Half of the plans are played with a client that
 * conforms and half with one that hangs up without BYE, so that there are fails to agree on. Takes a minute.
 */
export async function benchVirtual({ signal, say }: PartContext): Promise<VirtualFigures> {
  const sum = { plans: 0, verdicts: 0, undecided: 0, playedAgain: 0, onlyOnce: 0, liveMs: 0, virtualMs: 0 };
  const differing: string[] = [];
  for (const [part, fault] of [undefined, "forgets-bye"].entries()) {
    const live = embeddedClient("connected", fault);
    const query = new URLSearchParams({ "invite-wait-ms": String(INVITE_WAIT_MS) });
    if (fault !== undefined) query.set("fault", fault);
    const module = new URL(`../mocks/reference/client/module.js?${query.toString()}`, import.meta.url);
    const virtual = { ...live, target: { ...live.target, start: [moduleTarget({ module })] } };
    const seed = SEED + part;
    say(`${PLANS / 2} plans live${fault === undefined ? "" : `, fault ${fault}`}`);
    const slow = await verdictsOf(live, seed, LIVE_AT_A_TIME, { signal, say });
    say("the same in virtual time");
    const fast = await verdictsOf(virtual, seed, undefined, { signal, say });
    const found = differences(slow.verdicts, fast.verdicts);
    const differs = slow.cases.filter(({ id }) => found.differing.some((line) => line.startsWith(`${id}: `)));
    if (differs.length > 0) {
      say(`${differs.length} plans live again, one at a time`);
      const again = await verdictsOf(live, differs, 1, { signal, say });
      const still = differences(again.verdicts, fast.verdicts).differing;
      for (const line of still) say(line);
      const isRace = (line: string): boolean => / is (pass and not-exercised|not-exercised and pass)$/.test(line);
      differing.push(...still.filter((line) => !isRace(line)));
      sum.onlyOnce += still.filter(isRace).length;
      sum.playedAgain += differs.length;
    }
    sum.plans += slow.verdicts.size;
    sum.verdicts += found.compared;
    sum.undecided += found.undecided;
    sum.liveMs += slow.tookMs;
    sum.virtualMs += fast.tookMs;
  }
  if (sum.onlyOnce > sum.verdicts / VERDICTS_PER_RACE) differing.push(`${sum.onlyOnce} verdicts were given only once`);
  const perSecond = Math.round((sum.plans / sum.virtualMs) * 1e6) / 1000;
  const livePerSecond = Math.round((sum.plans / sum.liveMs) * 1e6) / 1000;
  return {
    value: perSecond,
    unit: "cases/s in virtual time",
    ratio: ratioOf(perSecond, livePerSecond),
    plans: sum.plans,
    verdicts: sum.verdicts,
    undecided: sum.undecided,
    playedAgain: sum.playedAgain,
    onlyOnce: sum.onlyOnce,
    liveCasesPerSecond: livePerSecond,
    ...(differing.length === 0 ? {} : { failed: `${differing.length} verdicts differ: ${differing[0]}` }),
  };
}

async function verdictsOf(
  config: QualifiedConfig,
  which: number | readonly SurveyCase[],
  atOnce: number | undefined,
  { signal, say }: Pick<PartContext, "signal" | "say">,
): Promise<{
  readonly cases: readonly SurveyCase[];
  readonly verdicts: ReadonlyMap<string, Readonly<Record<string, Verdict>>>;
  readonly tookMs: number;
}> {
  const run = await openRun(config, signal, say);
  try {
    run.world.attach(run.target);
    const player = judgingPlayer(run);
    const cases = typeof which === "number" ? casesOf(run.facts, which) : which;
    const verdicts = new Map<string, Readonly<Record<string, Verdict>>>();
    const waiting = [...cases];
    const startMs = performance.now();
    await pool(
      atOnce ?? run.world.capacity.cases,
      () => (signal.aborted ? undefined : waiting.shift()),
      async ({ id, surveyed }) => {
        const played = await player.play(id, surveyed.value, signal);
        verdicts.set(id, played.verdicts);
      },
    );
    signal.throwIfAborted();
    return { cases, verdicts, tookMs: performance.now() - startMs };
  } finally {
    await run.close();
  }
}

/** Evenly spaced: witnesses stand at the beginning, generated plans after them. */
function casesOf(facts: RunFacts, seed: number): readonly SurveyCase[] {
  const forClients = scenarios.filter(({ roles, byName }) => roles.includes("client") && byName !== true);
  const all = surveyCases(forClients, facts, { runs: PLANS, seed });
  const count = PLANS / 2;
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)]!);
}
