import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { messageOf } from "../../harness/errors.ts";
import type { ExitCode } from "../../harness/judge/exit-code.ts";
import { pool } from "../../harness/run/pool.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import { requirements, scenarios } from "../../scenarios/catalogue.ts";
import { faults } from "../../scenarios/faults/faults.ts";
import type { Reference } from "../../scenarios/faults/fault.ts";
import { embeddedConfig, lazyTargets, references, type LazyTarget } from "../embedded-default.ts";
import { interruptSignal } from "../interrupt.ts";
import { select } from "../selection.ts";
import { gaps, matrixLines, type ConformingRow, type Kill, type KillMatrix, type LazyRow } from "./kill-matrix.ts";
import { playWitnesses, type WitnessSet } from "./play-witnesses.ts";
import { proveFault } from "./prove-fault.ts";

export interface ProveOptions {
  readonly requirement?: readonly string[];
  readonly json?: string;
}

/** Runs side by side; each is a world and a server of its own that mostly waits. */
const AT_ONCE = 8 * Math.max(2, cpus().length);
const CALM_AT_ONCE = Math.max(2, cpus().length);

type Job = () => Promise<void>;

/** `ringtrue prove`: every requirement fails by its fault, nothing fails in conforming targets, lazy targets pass nothing. */
export async function proveCommand(options: ProveOptions, print: (line: string) => void): Promise<ExitCode> {
  const chosen = select(requirements, options.requirement, "requirement");
  const ids = new Set<string>(chosen.map(({ id }) => id));
  const whole = options.requirement === undefined;
  const interrupt = interruptSignal(() => print("Interrupted."));
  const startedAt = performance.now();
  const kills: Kill[] = [];
  const conforming: ConformingRow[] = [];
  const lazy: LazyRow[] = [];
  try {
    const planted = faults.filter(({ breaks }) => ids.has(breaks));
    const jobs: readonly Job[] = [
      ...(whole
        ? lazyTargets.map((target) => async () => void lazy.push(await playLazy(target, interrupt.signal)))
        : []),
      ...planted.map((fault) => async () => {
        const kill = await proveFault(fault, interrupt.signal);
        kills.push(kill);
        if (kills.length % 10 === 0) print(`${kills.length} of ${planted.length} faults played`);
      }),
    ];
    // Afterwards, with room to breathe: what a busy host leaves undecided of a conforming target is a gap in the proof.
    const calmJobs: readonly Job[] = whole
      ? references.map(
          (reference) => async () => void conforming.push(await playConforming(reference, interrupt.signal)),
        )
      : [];
    await playAll(jobs, AT_ONCE, interrupt.signal);
    await playAll(calmJobs, CALM_AT_ONCE, interrupt.signal);
    const order = new Map(requirements.map(({ id }, index) => [id as string, index]));
    const matrix: KillMatrix = {
      kills: kills.toSorted((a, b) => order.get(a.requirement)! - order.get(b.requirement)!),
      conforming: references.flatMap((reference) => conforming.filter((row) => row.reference === reference)),
      lazy: lazyTargets.flatMap((target) => lazy.filter((row) => row.target === target)),
      unproved: chosen.filter(({ id }) => !planted.some(({ breaks }) => breaks === id)).map(({ id }) => id),
      durationMs: performance.now() - startedAt,
    };
    for (const line of matrixLines(matrix)) print(line);
    if (options.json !== undefined)
      await writeFile(options.json, `${JSON.stringify({ ...matrix, gaps: gaps(matrix) }, undefined, 2)}\n`);
    if (interrupt.signal.aborted) return 2;
    return gaps(matrix).length === 0 ? 0 : 1;
  } finally {
    interrupt.release();
  }
}

async function playAll(jobs: readonly Job[], atOnce: number, signal: AbortSignal): Promise<void> {
  const waiting = [...jobs];
  await pool(
    atOnce,
    () => (signal.aborted ? undefined : waiting.shift()),
    (job) => job(),
  );
}

async function playConforming(reference: Reference, signal: AbortSignal): Promise<ConformingRow> {
  try {
    const { verdicts, error } = await playWitnesses(embeddedConfig(reference), everyWitness, signal);
    return {
      reference,
      failing: verdicts.flatMap(({ id, verdict }) =>
        verdict.kind === "fail" ? [`${id} (${verdict.mismatch}: ${verdict.actual})`] : [],
      ),
      inconclusive: verdicts.flatMap(({ id, verdict }) =>
        verdict.kind === "inconclusive" ? [`${id} (${verdict.why})`] : [],
      ),
      passed: [...new Set(verdicts.flatMap(({ id, verdict }) => (verdict.kind === "pass" ? [id] : [])))],
      ...(error === undefined ? {} : { error }),
    };
  } catch (error) {
    return { reference, failing: [], inconclusive: [], passed: [], error: messageOf(error) };
  }
}

async function playLazy(target: LazyTarget, signal: AbortSignal): Promise<LazyRow> {
  const levels = new Map<string, string>(requirements.map(({ id, level }) => [id, level]));
  try {
    const { verdicts, cases, error } = await playWitnesses(embeddedConfig(target), everyWitness, signal);
    const passed = verdicts.flatMap(({ id, verdict }) =>
      verdict.kind === "pass" && levels.get(id) === "must" ? [id] : [],
    );
    return { target, cases, passed: [...new Set(passed)], ...(error === undefined ? {} : { error }) };
  } catch (error) {
    return { target, cases: 0, passed: [], error: messageOf(error) };
  }
}

function everyWitness(facts: RunFacts): readonly WitnessSet[] {
  return scenarios
    .filter(({ roles }) => roles.includes(facts.role))
    .map(({ id, title, exercises, witnesses }) => ({ id, title, exercises, witnesses: witnesses(facts) }));
}
