import type { FailVerdict, Margin, Verdict } from "../../harness/judge/requirement.ts";
import { within } from "../../harness/trace/query.ts";
import type { Trace } from "../../harness/trace/trace.ts";
import type { TraceEvent } from "../../harness/trace/trace-event.ts";

type Events = readonly (TraceEvent | undefined)[];

const seqsOf = (events: Events): readonly number[] =>
  events.flatMap((event) => (event === undefined ? [] : [event.seq]));

export const notExercised: Verdict = { kind: "not-exercised" };

export function pass(evidence: Events, margins: readonly Margin[] = []): Verdict {
  return { kind: "pass", evidence: seqsOf(evidence), ...(margins.length > 0 ? { margins } : {}) };
}

/** `evidence` ends with the violation. */
export function fail(failure: Omit<FailVerdict, "kind" | "evidence"> & { readonly evidence: Events }): Verdict {
  return { ...failure, kind: "fail", evidence: seqsOf(failure.evidence) };
}

export function inconclusive(why: string): Verdict {
  return { kind: "inconclusive", why };
}

/** A pass that rests on something not happening: only where the absence window was seen whole. */
export function passUnlessCutShort(trace: Trace, evidence: Events): Verdict {
  return trace.end.kind === "finished"
    ? pass(evidence)
    : inconclusive("the case ended before its absence window was seen whole");
}

/** One verdict for all the places of a trace a requirement was judged at: the first fail, else the first doubt, else all passes. */
export function conclude(verdicts: readonly Verdict[]): Verdict {
  const failed = verdicts.find(({ kind }) => kind === "fail");
  const doubtful = verdicts.find(({ kind }) => kind === "inconclusive");
  if (failed !== undefined || doubtful !== undefined) return failed ?? doubtful ?? notExercised;
  const passed = verdicts.filter((verdict) => verdict.kind === "pass");
  if (passed.length === 0) return notExercised;
  const margins = passed.flatMap((verdict) => verdict.margins ?? []);
  return {
    kind: "pass",
    evidence: passed.flatMap(({ evidence }) => evidence),
    ...(margins.length > 0 ? { margins } : {}),
  };
}

/** Something that must come within a time of something else. */
export interface Demand {
  /** Names the wait in margins and doubts, e.g. "the push after the INVITE". */
  readonly what: string;
  readonly from: TraceEvent;
  readonly limitMs: number;
  /** The first event that meets it, however late. */
  readonly met: TraceEvent | undefined;
  /** Where one of these came before the limit, nothing is demanded any more. */
  readonly excuses?: Events;
  readonly missing: string;
  /** Default: as `missing`. */
  readonly late?: string;
  readonly expected: string;
}

/** Judges one demand. A case that finished has shown its absence window: what had not come by then does not come. */
export function judgeDemand(trace: Trace, demand: Demand): Verdict {
  const { from, limitMs, met, what, expected } = demand;
  const inTime = met === undefined ? undefined : within(from, met, limitMs);
  if (inTime === "yes" && met !== undefined) {
    return pass([from, met], [{ what, limitMs, actualMs: Math.max(0, met.atMs - from.atMs) }]);
  }
  const excused = demand.excuses?.some(
    (excuse) =>
      excuse !== undefined && within(from, excuse, limitMs) !== "no" && (met === undefined || excuse.seq < met.seq),
  );
  if (excused === true) return notExercised;
  if (inTime === "undecidable") return inconclusive(`${what} came too close to its limit of ${limitMs} ms to tell`);
  if (met !== undefined) {
    const actual = `it came after ${Math.round(met.atMs - from.atMs)} ms`;
    return fail({
      mismatch: demand.late ?? demand.missing,
      basis: "deadline",
      expected,
      actual,
      evidence: [from, met],
    });
  }
  const seenMs = trace.end.atMs - from.atMs;
  const enoughMs = trace.end.kind === "finished" ? Math.min(limitMs, trace.facts.deadlines.absenceMs) : limitMs;
  if (seenMs < enoughMs) return inconclusive(`the case ended before ${what} was due`);
  const actual = `nothing came in the ${Math.round(seenMs)} ms until the case ended`;
  return fail({ mismatch: demand.missing, basis: "deadline", expected, actual, evidence: [from] });
}
