import { nearMiss } from "../harness/config/near-miss.ts";
import { UsageError } from "../harness/errors.ts";
import type { ExitCode } from "../harness/judge/exit-code.ts";
import type { Requirement } from "../harness/judge/requirement.ts";
import { describePlan } from "../harness/plan/describe-plan.ts";
import { requirements, scenarios } from "../scenarios/catalogue.ts";
import { faults } from "../scenarios/faults/faults.ts";
import type { Reference } from "../scenarios/faults/fault.ts";
import { defaultReferences, roleOf } from "./embedded-default.ts";
import { explanationFacts } from "./explanation-facts.ts";

/** `ringtrue explain ID`: everything there is to know of one requirement or scenario. */
export function explainCommand(id: string, json: boolean, print: (line: string) => void): ExitCode {
  const requirement = requirements.find((one) => one.id === id);
  const scenario = scenarios.find((one) => one.id === id);
  if (requirement === undefined && scenario === undefined) {
    const meant = nearMiss(
      id,
      [...requirements, ...scenarios].map((one) => one.id),
    );
    const hint = meant === undefined ? "`ringtrue list` shows them all." : `Did you mean ${meant}?`;
    throw new UsageError("UNKNOWN_ID", `There is no requirement or scenario ${JSON.stringify(id)}. ${hint}`);
  }
  if (requirement !== undefined) {
    const { title, level, origin, role, scope, sources } = requirement;
    const exercisedBy = scenarios.filter(({ exercises }) => exercises.includes(id)).map((one) => one.id);
    const broken = faults.filter(({ breaks }) => breaks === id);
    const proofs = broken.map(({ name, reference, mismatch, witness }) => ({
      fault: name,
      reference,
      mismatch,
      witness: describePlan(witness(explanationFacts(reference))),
    }));
    if (json) {
      print(JSON.stringify({ id, title, level, origin, role, scope, sources, exercisedBy, proofs }, undefined, 2));
      return 0;
    }
    print(`${id}  (${level}, ${origin}, for ${roleWords[role]}, judged per ${scope})`);
    print(`  ${title}`);
    for (const { document, section, quote } of sources) print(`\n  ${document}, ${section}:\n    "${quote}"`);
    print(`\n  Exercised by: ${exercisedBy.join(", ")}`);
    for (const { fault, reference, mismatch, witness } of proofs) {
      print(`\n  Proved by the fault ${fault} of the reference ${reference}: it fails as ${mismatch} under this plan:`);
      for (const line of witness) print(`    ${line}`);
      print(`  See it: npx ringtrue run ${faultOption(fault, reference)} --requirement ${id}`);
    }
    return 0;
  }
  const { title, exercises } = scenario!;
  const { roles } = scenario!;
  const witnesses = roles.map((role) => ({
    role,
    plans: scenario!.witnesses(explanationFacts(defaultReferences[role])).map(describePlan),
  }));
  if (json) {
    print(JSON.stringify({ id, title, roles, exercises, witnesses }, undefined, 2));
    return 0;
  }
  print(`${id}\n  ${title}\n\n  Exercises: ${exercises.join(", ")}`);
  for (const { role, plans } of witnesses) {
    for (const [index, lines] of plans.entries()) {
      print(`\n  Witness ${index + 1} for ${roleWords[role]}:`);
      for (const line of lines) print(`    ${line}`);
    }
  }
  return 0;
}

/** With the role where a fault of the other role has the same name. */
function faultOption(fault: string, reference: Reference): string {
  const role = roleOf(reference);
  const isOnly = faults.every((one) => one.name !== fault || roleOf(one.reference) === role);
  return `--fault ${fault}${isOnly ? "" : ` --role ${role}`}`;
}

const roleWords: Readonly<Record<Requirement["role"], string>> = {
  server: "servers",
  client: "clients",
  both: "servers and clients",
};
