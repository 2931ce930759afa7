import { randomBytes, randomInt } from "node:crypto";
import { join } from "node:path";
import type { QualifiedConfig } from "../harness/config/config.ts";
import { UsageError } from "../harness/errors.ts";
import { exitCodeOf, type ExitCode } from "../harness/judge/exit-code.ts";
import { concludeRun } from "../harness/judge/run-verdict.ts";
import { runSuite } from "../harness/run/run-suite.ts";
import { noSearch } from "../harness/run/suite-options.ts";
import { writeStoredRun } from "../harness/run/stored-run.ts";
import { progressReporter } from "../reports/terminal/progress.ts";
import { terminalSummary } from "../reports/terminal/terminal-summary.ts";
import { writeReports } from "../reports/write-reports.ts";
import { catalogueVersion, requirements, scenarios } from "../scenarios/catalogue.ts";
import { ownSipFaults } from "../scenarios/requirements/sip/own-sip-faults.ts";
import { configOf, type ConfigOptions } from "./config-of.ts";
import { interruptSignal } from "./interrupt.ts";
import { openRun } from "./open-run.ts";
import { packageVersion } from "./package-version.ts";
import { prepareReportDirectory } from "./report-directory.ts";
import { select } from "./selection.ts";
import { shellWord } from "./shell-word.ts";

export interface RunOptions extends ConfigOptions {
  readonly shard?: { readonly index: number; readonly of: number };
  readonly keepAll?: boolean;
  /** False for `--no-shrink`. */
  readonly shrink?: boolean;
}

/** `ringtrue run`: the main job. */
export async function runCommand(options: RunOptions): Promise<ExitCode> {
  const { config, source, embedded } = await configOf(options);
  const { suite } = config;
  const chosenScenarios = select(scenarios, suite.scenarios, "scenario");
  const chosenRequirements = select(requirements, suite.requirements, "requirement");
  checkExpectedFailures(config, source);
  const seed = suite.seed ?? randomInt(2 ** 31);
  const directory = embedded ? join(config.reports.directory, "server") : config.reports.directory;
  await prepareReportDirectory(directory);
  const progress = progressReporter({ stream: process.stdout, isTty: process.stdout.isTTY });
  const interrupt = interruptSignal(() =>
    progress.say("Interrupted: writing what there is. Press Ctrl-C again to stop at once."),
  );

  try {
    progress.say(`RingTrue ${packageVersion} against ${config.target.name} ${config.target.version} (${source})`);
    const run = await openRun(config, interrupt.signal);
    try {
      const result = await runSuite({
        world: run.world,
        target: run.target,
        requirements: chosenRequirements,
        scenarios: chosenScenarios,
        suite: { runs: suite.runs, seed, concurrency: suite.concurrency, strict: suite.strict },
        partial: chosenScenarios.length < scenarios.length || chosenRequirements.length < requirements.length,
        expectedFailures: config.expectedFailures,
        ownFaults: ownSipFaults,
        nonce: randomBytes(4).toString("hex"),
        ...(config.target.subscribers.kind === "pool" ? { accounts: config.target.subscribers.accounts } : {}),
        ...(options.shard === undefined ? {} : { shard: options.shard }),
        keepAll: options.keepAll === true,
        ...(options.shrink === false ? { search: noSearch } : {}),
        worstEventLoopDelayMs: () => run.world.worstEventLoopDelayMs(),
        clock: run.clock,
        signal: interrupt.signal,
        onEvent(event) {
          // Without a search its events tell of plans that nobody shrank.
          const isSearch = event.kind === "shrinking" || event.kind === "confirmed";
          if (!isSearch || options.shrink !== false) progress.onEvent(event);
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
        replayCommand: (replayFile: string) => replayCommandFor(replayFile, options),
        secrets: run.secrets,
      };
      const written = await writeReports(result, context);
      for (const line of terminalSummary(result, { ...context, written, colour: process.stdout.isTTY })) {
        progress.say(line);
      }
      return exitCodeOf(conclusion.verdict);
    } finally {
      await run.close();
    }
  } finally {
    progress.close();
    interrupt.release();
  }
}

function checkExpectedFailures(config: QualifiedConfig, source: string): void {
  for (const { requirement, scenario } of config.expectedFailures) {
    try {
      select(requirements, [requirement], "requirement");
      if (scenario !== undefined) select(scenarios, [scenario], "scenario");
    } catch (error) {
      if (error instanceof UsageError)
        throw new UsageError(error.code, `${source}: expectedFailures: ${error.message}`);
      throw error;
    }
  }
}

function replayCommandFor(replayFile: string, options: RunOptions): string {
  const same = (["config", "reference", "fault", "profile"] as const).flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : [`--${name} ${shellWord(value)}`];
  });
  return ["npx ringtrue replay", shellWord(replayFile), ...same].join(" ");
}
