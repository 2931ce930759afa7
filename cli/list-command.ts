import type { ExitCode } from "../harness/judge/exit-code.ts";
import { requirements, scenarios } from "../scenarios/catalogue.ts";
import { faults } from "../scenarios/faults/faults.ts";
import { profiles } from "../scenarios/profiles/index.ts";
import { features } from "./feature-list.ts";

export const listable = ["scenarios", "requirements", "profiles", "features", "faults"] as const;
export type Listable = (typeof listable)[number];

/** `ringtrue list`: the catalogue, one line each. */
export function listCommand(what: Listable | undefined, json: boolean, print: (line: string) => void): ExitCode {
  const chosen = what === undefined ? listable : [what];
  if (json) {
    print(JSON.stringify(Object.fromEntries(chosen.map((one) => [one, entries[one]()])), undefined, 2));
    return 0;
  }
  for (const one of chosen) {
    const rows = entries[one]();
    const width = Math.max(...rows.map(({ id }) => id.length));
    print(`${one} (${rows.length})`);
    for (const { id, text } of rows) print(`  ${id.padEnd(width)}  ${text}`);
    if (what === undefined) print("");
  }
  return 0;
}

interface Row {
  readonly id: string;
  readonly text: string;
}

const entries: Readonly<Record<Listable, () => readonly Row[]>> = {
  scenarios: () => scenarios.map(({ id, title }) => ({ id, text: title })),
  requirements: () => requirements.map(({ id, level, title }) => ({ id, text: `${level.padEnd(6)} ${title}` })),
  profiles: () =>
    profiles.map(({ id, correlation }) => ({ id, text: `push and INVITE correlate by ${correlation.sip}` })),
  features: () => features.map(({ name, meaning }) => ({ id: name, text: meaning })),
  faults: () => faults.map(({ name, reference, breaks }) => ({ id: name, text: `${breaks} (${reference})` })),
};
