import type { QualifiedConfig } from "../harness/config/config.ts";
import { findConfig, loadConfig } from "../harness/config/load-config.ts";
import { UsageError } from "../harness/errors.ts";
import type { Role } from "../harness/trace/run-facts.ts";
import type { Reference } from "../scenarios/faults/fault.ts";
import { faults } from "../scenarios/faults/faults.ts";
import { resolveProfile } from "../scenarios/profiles/index.ts";
import { checkOsNumbers } from "./check-os-numbers.ts";
import { defaultReferences, embeddedConfig, roleOf } from "./embedded-default.ts";
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
  readonly role?: Role;
  readonly strict?: boolean;
  readonly fault?: string;
  readonly reference?: Reference;
}

/** The targets of a command: of a config file one, of the embedded default one of each role that is asked for. */
export interface Configs {
  readonly configs: readonly [QualifiedConfig, ...QualifiedConfig[]];
  readonly source: string;
  readonly embedded: boolean;
}

/**
 * The configs of a command: the file it names, else one in the working directory, else the embedded default; with what the
 * command line changes.
 *
 * @throws UsageError naming the option or field.
 */
export async function configsOf(options: ConfigOptions): Promise<Configs> {
  const wantsReference = (options.fault ?? options.reference) !== undefined;
  const file = options.config ?? (wantsReference ? undefined : findConfig(process.cwd()));
  const embedded = file === undefined;
  if (!embedded && wantsReference) {
    throw new UsageError("NO_FAULTS", "--fault and --reference go with the embedded targets, not with --config.");
  }
  const source = file ?? "the embedded default";
  const found = embedded ? embeddedOf(options) : ([await loadConfig(file)] as const);
  const [first, ...others] = found.map((config) => withOptions(config, options));
  const configs = [first!, ...others] as const;
  for (const config of configs) {
    checkRole(config, options, source);
    resolveProfile(config.target.profile);
    checkOsNumbers(config, source);
  }
  return { configs, source, embedded };
}

/** The one config of a command about one target. @throws UsageError as `configsOf` does */
export async function configOf(
  options: ConfigOptions & { readonly role: Role },
): Promise<{ readonly config: QualifiedConfig; readonly source: string }> {
  const { configs, source } = await configsOf(options);
  return { config: configs[0], source };
}

function embeddedOf({ fault, reference, role }: ConfigOptions): readonly QualifiedConfig[] {
  if (fault !== undefined) {
    const known = select(
      faults.map((one) => ({ ...one, id: one.name })),
      [fault],
      "fault",
    );
    const ofRoles = [...new Set(known.map((one) => roleOf(one.reference)))];
    const wanted = reference === undefined ? role : roleOf(reference);
    if (wanted === undefined && ofRoles.length > 1)
      throw new UsageError("AMBIGUOUS_FAULT", `--fault ${fault} is one of servers and one of clients: add --role.`);
    const inRole = known.filter((one) => wanted === undefined || roleOf(one.reference) === wanted);
    const one = inRole.find((found) => found.reference === reference) ?? inRole[0];
    if (one === undefined) {
      const asked = reference === undefined ? `--role ${role}` : `--reference ${reference}`;
      throw new UsageError("OTHER_ROLE", `${asked}: the fault ${fault} is one of ${ofRoles.join(" and ")}s.`);
    }
    return [embeddedConfig(reference ?? one.reference, fault)];
  }
  if (reference !== undefined) return [embeddedConfig(reference)];
  const roles: readonly Role[] = role === undefined ? ["server", "client"] : [role];
  return roles.map((one) => embeddedConfig(defaultReferences[one]));
}

function checkRole({ target }: QualifiedConfig, { role, reference, fault }: ConfigOptions, source: string): void {
  if (role === undefined || role === target.role) return;
  const which = reference ?? fault;
  const who = which === undefined ? `the target of ${source}` : which;
  throw new UsageError("OTHER_ROLE", `--role ${role}: ${who} is a ${target.role}.`);
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
