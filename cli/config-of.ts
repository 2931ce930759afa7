import type { QualifiedConfig } from "../harness/config/config.ts";
import { findConfig, loadConfig } from "../harness/config/load-config.ts";
import { UsageError } from "../harness/errors.ts";
import { faults } from "../scenarios/faults/faults.ts";
import { resolveProfile } from "../scenarios/profiles/index.ts";
import { embeddedConfig, type ReferenceServer } from "./embedded-default.ts";
import { select } from "./selection.ts";

/** Which target, and what of its config is changed on the command line. */
export interface ConfigOptions {
  readonly config?: string;
  readonly scenario?: readonly string[];
  readonly requirement?: readonly string[];
  readonly runs?: number;
  readonly seed?: number;
  readonly concurrency?: number;
  readonly reportDir?: string;
  readonly profile?: string;
  readonly role?: string;
  readonly strict?: boolean;
  readonly fault?: string;
  readonly reference?: ReferenceServer;
}

/**
 * The config of a command: the file it names, else one in the working directory, else the embedded default; with what the
 * command line changes.
 *
 * @throws UsageError naming the option or field.
 */
export async function configOf(
  options: ConfigOptions,
): Promise<{ readonly config: QualifiedConfig; readonly source: string; readonly embedded: boolean }> {
  if (options.role !== undefined && options.role !== "server") {
    throw new UsageError("NOT_IN_THIS_VERSION", `--role ${options.role}: this version of RingTrue tests servers only.`);
  }
  const wantsReference = (options.fault ?? options.reference) !== undefined;
  const file = options.config ?? (wantsReference ? undefined : findConfig(process.cwd()));
  const embedded = file === undefined;
  if (!embedded && wantsReference) {
    throw new UsageError("NO_FAULTS", "--fault and --reference go with the embedded servers, not with --config.");
  }
  const config = withOptions(embedded ? embeddedOf(options) : await loadConfig(file), options);
  resolveProfile(config.target.profile);
  return { config, source: file ?? "the embedded default", embedded };
}

function embeddedOf({ fault, reference }: ConfigOptions): QualifiedConfig {
  if (fault === undefined) return embeddedConfig(reference ?? "holding-proxy");
  const known = select(
    faults.map((one) => ({ ...one, id: one.name })),
    [fault],
    "fault",
  )[0]!;
  return embeddedConfig(reference ?? known.server, fault);
}

function withOptions(config: QualifiedConfig, options: ConfigOptions): QualifiedConfig {
  return {
    ...config,
    target: { ...config.target, ...(options.profile === undefined ? {} : { profile: options.profile }) },
    suite: {
      ...config.suite,
      ...(options.scenario === undefined ? {} : { scenarios: options.scenario }),
      ...(options.requirement === undefined ? {} : { requirements: options.requirement }),
      ...(options.runs === undefined ? {} : { runs: options.runs }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
      ...(options.strict === undefined ? {} : { strict: options.strict }),
    },
    reports: { ...config.reports, ...(options.reportDir === undefined ? {} : { directory: options.reportDir }) },
  };
}
