import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import type { QualifiedConfig } from "../../harness/config/config.ts";
import type { RequirementId, Verdict } from "../../harness/judge/requirement.ts";
import type { Plan } from "../../harness/plan/plan.ts";
import { runSuite } from "../../harness/run/run-suite.ts";
import { noSearch } from "../../harness/run/suite-options.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import { requirements } from "../../scenarios/catalogue.ts";
import { ownSipFaults } from "../../scenarios/requirements/sip/own-sip-faults.ts";
import { openRun } from "../open-run.ts";

/** Plans to play as they are, with nothing generated. */
export interface WitnessSet {
  readonly id: string;
  readonly title: string;
  readonly exercises: readonly string[];
  readonly witnesses: readonly Plan[];
}

/** Every verdict of a run, case by case and of the run itself. */
export interface Played {
  readonly verdicts: readonly { readonly id: RequirementId; readonly verdict: Verdict }[];
  readonly cases: number;
  readonly error?: string;
}

/**
 * Opens a run of its own for the config, plays the witnesses and judges them.
 *
 * @throws TargetError when the target does not become ready.
 */
export async function playWitnesses(
  config: QualifiedConfig,
  sets: (facts: RunFacts) => readonly WitnessSet[],
  signal: AbortSignal,
): Promise<Played> {
  const run = await openRun(config, signal, () => {});
  try {
    const result = await runSuite({
      world: run.world,
      target: run.target,
      requirements,
      scenarios: sets(run.facts).map(({ witnesses, ...set }) => ({
        ...set,
        roles: [config.target.role],
        witnesses: () => witnesses,
        // Never drawn from: the run asks for no generated cases.
        arbitrary: () => fc.constantFrom(...witnesses),
      })),
      suite: { runs: 0, seed: 0, concurrency: config.suite.concurrency, strict: false },
      partial: true,
      expectedFailures: [],
      ownFaults: ownSipFaults,
      nonce: randomBytes(4).toString("hex"),
      // The witness is the smallest plan there is.
      search: noSearch,
      clock: run.clock,
      signal,
      onEvent: () => {},
    });
    const verdicts = [...result.cases.map((one) => one.verdicts), result.runScope].flatMap((of) =>
      Object.entries(of).map(([id, verdict]) => ({ id: id as RequirementId, verdict })),
    );
    return { verdicts, cases: result.cases.length, ...(result.error === undefined ? {} : { error: result.error }) };
  } finally {
    await run.close();
  }
}
