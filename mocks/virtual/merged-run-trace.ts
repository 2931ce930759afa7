import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { Trace } from "../../harness/trace/trace.ts";

/** The runs of several threads as one: their events one thread after the other, since they share no time. */
export function mergedRunTrace(facts: RunFacts, traces: readonly Trace[]): Trace {
  let offset = 0;
  const events = traces.flatMap((trace) => {
    const from = offset;
    offset += trace.events.length;
    return trace.events.map((event) => ({
      ...event,
      seq: event.seq + from,
      ...(event.cause === undefined ? {} : { cause: event.cause + from }),
      ...(event.retransmitOf === undefined ? {} : { retransmitOf: event.retransmitOf + from }),
      ...(event.kind === "finding" ? { about: event.about + from } : {}),
    }));
  });
  const atMs = Math.max(0, ...traces.map(({ end }) => end.atMs));
  return {
    schema: "ringtrue.trace/1",
    scope: "run",
    facts,
    events,
    end: { kind: "finished", atMs, absenceFromMs: atMs },
  };
}
