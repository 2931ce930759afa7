import { HarnessFault, messageOf } from "../errors.ts";
import { judgeTrace } from "../judge/judge-trace.ts";
import type { Requirement, RequirementId, Verdict } from "../judge/requirement.ts";
import { eventsOf } from "../trace/query.ts";
import type { CaseEnd, Trace } from "../trace/trace.ts";

/** What there is to say about one play of a plan. */
export interface JudgedPlay {
  readonly end: CaseEnd;
  /** None where the play is a harness fault. */
  readonly verdicts: Readonly<Record<RequirementId, Verdict>>;
  /** Left out by a world that judges by itself where it is no evidence. */
  readonly trace?: Trace;
}

/** By what a play is judged. */
export interface Judges {
  readonly requirements: readonly Requirement[];
  /** What RingTrue itself did wrong in a trace. */
  readonly ownFaults: (trace: Trace) => readonly string[];
}

/** @throws HarnessFault when a judge throws. */
export function judgePlayed(
  played: Trace,
  { requirements, ownFaults }: Judges,
): JudgedPlay & { readonly trace: Trace } {
  const trace = withOwnFaults(played, ownFaults);
  const { end } = trace;
  return { end, trace, verdicts: end.kind === "harness-fault" ? {} : judgeTrace(trace, requirements) };
}

/** A trace in which RingTrue itself did wrong says nothing about the target. */
export function withOwnFaults(trace: Trace, ownFaults: Judges["ownFaults"]): Trace {
  if (trace.end.kind === "harness-fault") return trace;
  const recorded = eventsOf(trace, "harness.fault").map(({ message }) => message);
  const faults = [...recorded, ...ownFaultsOf(trace, ownFaults)];
  if (faults.length === 0) return trace;
  return { ...trace, end: { kind: "harness-fault", atMs: trace.end.atMs, message: faults.join("; ") } };
}

function ownFaultsOf(trace: Trace, ownFaults: Judges["ownFaults"]): readonly string[] {
  try {
    return ownFaults(trace);
  } catch (error) {
    throw new HarnessFault(
      "own-faults-threw",
      `Looking for own faults in ${trace.case ?? "the run's trace"} threw: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
