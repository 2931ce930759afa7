import type { QualifiedConfig } from "../harness/config/config.ts";
import { UsageError } from "../harness/errors.ts";
import { isForRole, type Requirement } from "../harness/judge/requirement.ts";
import type { Scenario } from "../harness/plan/scenario.ts";
import { requirements, scenarios } from "../scenarios/catalogue.ts";
import { select } from "./selection.ts";

/**
 * What of the catalogue a run of this config plays and judges; undefined where it names something, nothing of which is for its
 * target, and `others` says that there are more targets.
 *
 * @throws UsageError for an id that is unknown, or that is for targets of the other role
 */
export function selectForRole(
  { target: { role }, suite }: QualifiedConfig,
  others: boolean,
):
  | {
      readonly scenarios: readonly Scenario[];
      readonly requirements: readonly Requirement[];
      readonly partial: boolean;
    }
  | undefined {
  const ownScenarios = scenarios.filter(({ roles }) => roles.includes(role));
  const ordinary = ownScenarios.filter(({ byName }) => byName !== true);
  const ownRequirements = requirements.filter((one) => isForRole(one, role));
  const chosenScenarios =
    suite.scenarios === undefined
      ? ordinary
      : select(scenarios, suite.scenarios, "scenario").filter((one) => ownScenarios.includes(one));
  const chosenRequirements = select(requirements, suite.requirements, "requirement").filter((one) =>
    ownRequirements.includes(one),
  );
  const foreign = [...missing(suite.scenarios, chosenScenarios), ...missing(suite.requirements, chosenRequirements)];
  if (foreign.length > 0 && !others) {
    const other = role === "server" ? "client" : "server";
    throw new UsageError(
      "OTHER_ROLE",
      `${foreign.join(", ")}: for ${other} targets, and the target of this run is a ${role}.`,
    );
  }
  if (chosenScenarios.length === 0 || chosenRequirements.length === 0) return undefined;
  return {
    scenarios: chosenScenarios,
    requirements: chosenRequirements,
    partial:
      ordinary.some((one) => !chosenScenarios.includes(one)) || chosenRequirements.length < ownRequirements.length,
  };
}

function missing(ids: readonly string[] | undefined, chosen: readonly { readonly id: string }[]): readonly string[] {
  return (ids ?? []).filter((id) => !chosen.some((one) => one.id === id));
}
