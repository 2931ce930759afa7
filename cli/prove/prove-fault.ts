import { messageOf } from "../../harness/errors.ts";
import type { RequirementId, Verdict } from "../../harness/judge/requirement.ts";
import type { Fault } from "../../scenarios/faults/fault.ts";
import { embeddedConfig } from "../embedded-default.ts";
import type { Kill } from "./kill-matrix.ts";
import { playWitnesses, type Played } from "./play-witnesses.ts";

/** Plays the witness plan of one fault against the reference server that carries it. */
export async function proveFault(fault: Fault, signal: AbortSignal): Promise<Kill> {
  const row = {
    requirement: fault.breaks,
    fault: fault.name,
    reference: fault.reference,
    expectedMismatch: fault.mismatch,
  };
  try {
    const played = await playWitnesses(
      embeddedConfig(fault.reference, fault.name),
      (facts) => [{ id: fault.name, title: fault.name, exercises: [fault.breaks], witnesses: [fault.witness(facts)] }],
      signal,
    );
    return { ...row, outcome: outcomeOf(fault, played) };
  } catch (error) {
    return { ...row, outcome: { kind: "error", why: messageOf(error) } };
  }
}

function outcomeOf(fault: Fault, played: Played): Kill["outcome"] {
  if (played.error !== undefined) return { kind: "error", why: played.error };
  const own = played.verdicts.filter(({ id }) => id === fault.breaks).map(({ verdict }) => verdict);
  const fails = own.flatMap((verdict) => (verdict.kind === "fail" ? [verdict.mismatch] : []));
  if (fails.length === 0) return { kind: "survived", verdict: own.map(describe).join(", ") || "not judged" };
  if (!fails.includes(fault.mismatch)) return { kind: "wrong-reason", mismatch: fails[0]! };
  const declared = new Set<RequirementId>([fault.breaks, ...fault.alsoBreaks]);
  const others = played.verdicts.filter(({ id, verdict }) => verdict.kind === "fail" && !declared.has(id));
  if (others.length > 0)
    return { kind: "undeclared", failing: others.map(({ id, verdict }) => `${id} (${describe(verdict)})`) };
  return { kind: "killed" };
}

function describe(verdict: Verdict): string {
  if (verdict.kind === "fail") return verdict.mismatch;
  return verdict.kind === "inconclusive" ? `inconclusive: ${verdict.why}` : verdict.kind;
}
