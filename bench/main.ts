import { parseArgs } from "node:util";
import { interruptSignal } from "../cli/interrupt.ts";
import { messageOf } from "../harness/errors.ts";
import { benchCases } from "./cases.ts";
import { benchClients } from "./clients.ts";
import { type Figures, type PartContext, ratioOf } from "./figures.ts";
import { machineFacts } from "./machine.ts";
import { benchParser } from "./parser.ts";
import { benchMemory } from "./push-memory.ts";
import { benchPhones } from "./phones.ts";
import { benchPushes } from "./pushes.ts";
import { benchSipCalls } from "./sip-calls.ts";
import { benchVirtual } from "./virtual.ts";

/*
 * npm run bench [-- --only parser|sip|cases|phones|clients|virtual|pushes|memory] [--quick] [--pushes n]: one JSON document on stdout, progress on stderr.
 * Figures of different machines do not compare; the ratios, taken within one run, do. `--quick` is for clients, pushes and memory, `--pushes` for the latter two.
 * Exit code 0 when every part that was asked for ran, 1 when one did not or memory grew, 130 after Ctrl-C. No figure that depends on
 * how quick the machine is makes it anything but 0.
 */

const parts: Readonly<Record<string, (context: PartContext) => Figures | Promise<Figures | null>>> = {
  parser: parserFigures,
  sip: benchSipCalls,
  cases: benchCases,
  phones: benchPhones,
  clients: benchClients,
  virtual: benchVirtual,
  pushes: benchPushes,
  memory: benchMemory,
};

process.exitCode = await main();

async function main(): Promise<number> {
  let given: { readonly only?: string; readonly quick: boolean; readonly pushes?: string };
  try {
    const options = {
      only: { type: "string" },
      quick: { type: "boolean", default: false },
      pushes: { type: "string" },
    } as const;
    given = parseArgs({ options }).values;
  } catch (error) {
    return usage(messageOf(error));
  }
  const { only, quick: isQuick } = given;
  if (only !== undefined && !Object.hasOwn(parts, only)) return usage(`there is no part ${JSON.stringify(only)}`);
  const pushes = given.pushes === undefined ? undefined : Number(given.pushes);
  if (pushes !== undefined && !(Number.isInteger(pushes) && pushes > 0)) return usage("--pushes wants a whole number");

  const say = (line: string): void => void process.stderr.write(`bench: ${line}\n`);
  const machine = machineFacts();
  const interrupt = interruptSignal(() => say("interrupted: closing everything. Press Ctrl-C again to stop at once."));
  const reasons: Record<string, string> = {};
  const figures: Record<string, Figures | null> = {};
  let failed = false;
  for (const [name, measure] of Object.entries(parts)) {
    const skipped = only !== undefined && only !== name ? `not asked for: --only ${only}` : undefined;
    const reason = skipped ?? (interrupt.signal.aborted ? "interrupted" : undefined);
    if (reason !== undefined) {
      figures[name] = null;
      reasons[name] = reason;
      continue;
    }
    say(name);
    try {
      const missing = (what: string, why: string): void => void (reasons[what] = why);
      const how = { isQuick, ...(pushes === undefined ? {} : { pushes }) };
      const measured = await measure({ signal: interrupt.signal, say, missing, ...how });
      figures[name] = measured;
      if (measured?.failed === undefined) continue;
      failed = true;
      say(`${name}: ${measured.failed}`);
    } catch (error) {
      failed = true;
      figures[name] = null;
      reasons[name] = interrupt.signal.aborted ? "interrupted" : messageOf(error);
      say(`${name}: ${reasons[name]}`);
    }
  }
  interrupt.release();
  process.stdout.write(`${JSON.stringify({ machine, ...figures, reasons }, undefined, 2)}\n`);
  if (interrupt.signal.aborted) return 130;
  return failed ? 1 : 0;
}

function parserFigures({ say }: PartContext): Figures & { readonly sipjs: number } {
  say("INVITEs of 1 KB through our parser and through that of sip.js");
  const { ours, sipjs } = benchParser();
  return { value: ours, unit: "messages/s", ratio: ratioOf(ours, sipjs), sipjs };
}

function usage(what: string): number {
  process.stderr.write(
    `bench: ${what}. Usage: npm run bench [-- --only ${Object.keys(parts).join("|")}] [--quick] [--pushes n]\n`,
  );
  return 3;
}
