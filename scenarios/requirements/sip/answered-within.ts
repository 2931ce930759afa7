import type { Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf, within } from "../../../harness/trace/query.ts";
import type { EventOf } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";

type SipSeen = EventOf<"sip">;

export interface Awaited {
  /** Our message that asks for an answer, as it reached the target. */
  readonly after: SipSeen;
  readonly answer: SipSeen | undefined;
  readonly limitMs: number;
  /** What is awaited, in words: "a final response to REGISTER". */
  readonly what: string;
  readonly mismatch: string;
}

/**
 * Whether an answer of the target came in time. A missing one is a fail only where the case was seen to its end and the whole
 * limit; where our own socket closed meanwhile nobody was there to see it.
 */
export function answeredWithin(trace: Trace, awaited: Awaited): Verdict {
  const { after, answer, limitMs, what, mismatch } = awaited;
  const fail = (actual: string, evidence: readonly number[]): Verdict => ({
    kind: "fail",
    mismatch,
    basis: "deadline",
    expected: `${what} within ${limitMs} ms`,
    actual,
    evidence,
  });
  if (answer !== undefined) {
    const inTime = within(after, answer, limitMs);
    const actualMs = Math.max(0, answer.atMs - after.atMs);
    if (inTime === "no") return fail(`${what} after ${Math.round(actualMs)} ms`, [after.seq, answer.seq]);
    if (inTime === "undecidable") {
      return { kind: "inconclusive", why: `${what} came about ${limitMs} ms after event ${after.seq}, on a busy host` };
    }
    return { kind: "pass", evidence: [after.seq, answer.seq], margins: [{ what, limitMs, actualMs }] };
  }
  if (trace.end.kind !== "finished" || trace.end.atMs - after.atMs < limitMs) {
    return { kind: "inconclusive", why: `the case ended before ${what} had to come (event ${after.seq})` };
  }
  return fail(`no such message in the ${Math.round(trace.end.atMs - after.atMs)} ms until the case ended`, [after.seq]);
}

/** We closed the socket after that event (and, where given, less than so long after it): what came later was not seen. */
export function closedAfter(trace: Trace, event: SipSeen, withinMs = Number.POSITIVE_INFINITY): boolean {
  return eventsOf(trace, "flow.closed").some(
    (closed) =>
      closed.by === "world" &&
      closed.flow === event.flow &&
      closed.seq > event.seq &&
      closed.atMs - event.atMs < withinMs,
  );
}
