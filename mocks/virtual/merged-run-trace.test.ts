import { expect, test } from "vitest";
import { someFacts } from "../../harness/trace/testing/arbitrary-trace.ts";
import type { Trace } from "../../harness/trace/trace.ts";
import type { TraceEvent } from "../../harness/trace/trace-event.ts";
import { mergedRunTrace } from "./merged-run-trace.ts";

function runOf(atMs: number, ...events: readonly Partial<TraceEvent>[]): Trace {
  const whole = events.map((event, seq) => ({
    ...event,
    seq,
    atMs,
    lagMs: 0,
    from: "harness",
    to: "harness",
    by: "world",
  })) as readonly TraceEvent[];
  const end = { kind: "finished", atMs, absenceFromMs: atMs } as const;
  return { schema: "ringtrue.trace/1", scope: "run", facts: someFacts, events: whole, end };
}

test("the runs of threads become one, whose events still point at each other", () => {
  const ready = { kind: "target.ready", afterMs: 1 } as const;
  const finding = { kind: "finding", rule: "r", mismatch: "m", expected: "e", actual: "a", about: 0 } as const;
  const { events, end } = mergedRunTrace(someFacts, [
    runOf(10, ready, { ...finding, cause: 0 }),
    runOf(30, { ...ready, retransmitOf: 0 }, finding),
  ]);
  expect(events.map(({ seq }) => seq)).toEqual([0, 1, 2, 3]);
  expect(events[1]).toMatchObject({ cause: 0, about: 0 });
  expect(events[2]).toMatchObject({ retransmitOf: 2 });
  expect(events[3]).toMatchObject({ about: 2 });
  expect(end).toEqual({ kind: "finished", atMs: 30, absenceFromMs: 30 });
});
