import { randomBytes, randomInt } from "node:crypto";
import type { QualifiedConfig } from "../harness/config/config.ts";
import { exitCodeOf, type ExitCode } from "../harness/judge/exit-code.ts";
import type { Requirement } from "../harness/judge/requirement.ts";
import { concludeRun } from "../harness/judge/run-verdict.ts";
import type { Scenario } from "../harness/plan/scenario.ts";
import { runSuite } from "../harness/run/run-suite.ts";
import { noSearch } from "../harness/run/suite-options.ts";
import { writeStoredRun } from "../harness/run/stored-run.ts";
import type { Progress } from "../reports/terminal/progress.ts";
import { terminalSummary } from "../reports/terminal/terminal-summary.ts";
import { writeReports } from "../reports/write-reports.ts";
import { catalogueVersion, requirements, scenarios } from "../scenarios/catalogue.ts";
import { ownSipFaults } from "../scenarios/requirements/sip/own-sip-faults.ts";
import { openRun } from "./open-run.ts";
import { packageVersion } from "./package-version.ts";

/** One target, what is played against it, and where its report goes. */
export interface TargetRun {
  readonly config: QualifiedConfig;
  /** Where the config comes from, for people. */
  readonly source: string;
  readonly scenarios: readonly Scenario[];
  readonly requirements: readonly Requirement[];
  /** Not the whole suite of the target's role. */
  readonly partial: boolean;
  readonly directory: string;
  readonly shard?: { readonly index: number; readonly of: number };
  readonly keepAll: boolean;
  readonly shrink: boolean;
  /** One line that replays a stored counterexample. */
  readonly replayCommand: (replayFile: string) => string;
}

/** Plays, judges and reports the run of one target. @throws TargetError, UsageError as `openRun` does */
export async function runTarget(job: TargetRun, progress: Progress, signal: AbortSignal): Promise<ExitCode> {
  const { config, directory } = job;
  const { suite, target } = config;
  progress.say(`RingTrue ${packageVersion} against ${target.name} ${target.version} (${job.source})`);
  const run = await openRun(config, signal, progress.say);
  try {
    const result = await runSuite({
      world: run.world,
      target: run.target,
      requirements: job.requirements,
      scenarios: job.scenarios,
      suite: {
        runs: suite.runs,
        seed: suite.seed ?? randomInt(2 ** 31),
        concurrency: suite.concurrency,
        strict: suite.strict,
      },
      partial: job.partial,
      expectedFailures: config.expectedFailures,
      ownFaults: ownSipFaults,
      nonce: randomBytes(4).toString("hex"),
      ...(target.subscribers.kind === "pool" ? { accounts: target.subscribers.accounts } : {}),
      ...(job.shard === undefined ? {} : { shard: job.shard }),
      keepAll: job.keepAll,
      ...(job.shrink ? {} : { search: noSearch }),
      worstEventLoopDelayMs: () => run.world.worstEventLoopDelayMs(),
      clock: run.clock,
      signal,
      onEvent(event) {
        // Without a search its events tell of plans that nobody shrank.
        const isSearch = event.kind === "shrinking" || event.kind === "confirmed";
        if (!isSearch || job.shrink) progress.onEvent(event);
      },
    });
    progress.close();
    await run.close();
    const conclusion = concludeRun(result, requirements, scenarios);
    await writeStoredRun(directory, result, run.secrets);
    const context = {
      directory,
      formats: config.reports.formats,
      conclusion,
      tool: { name: "ringtrue", version: packageVersion },
      catalogueVersion,
      effectiveConfig: config,
      replayCommand: job.replayCommand,
      secrets: run.secrets,
    };
    const written = await writeReports(result, context);
    for (const line of terminalSummary(result, { ...context, written, colour: process.stdout.isTTY }))
      progress.say(line);
    return exitCodeOf(conclusion.verdict);
  } finally {
    progress.close();
    await run.close();
  }
}
