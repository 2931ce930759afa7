import type { PhoneRef, TraceEvent } from "../trace/trace-event.ts";
import type { Trace } from "../trace/trace.ts";

export type AppLife = "running" | "suspended" | "not-running";

/** What the app is from that event on. */
export interface LifeChange {
  readonly state: AppLife;
  readonly event: TraceEvent;
}

/** How the app of a phone lived, in order; before the first of them it was not running. */
export function lifeOf(trace: Trace, phone: PhoneRef): readonly LifeChange[] {
  return trace.events.flatMap((event) => {
    const state = event.phone === phone ? stateAfter(event) : undefined;
    return state === undefined ? [] : [{ state, event }];
  });
}

export function stateAt(life: readonly LifeChange[], event: TraceEvent): AppLife {
  return life.findLast((change) => change.event.seq <= event.seq)?.state ?? "not-running";
}

/** From when on the app can act on what came with `event`: at once, or when it runs (again); undefined when it never does. */
export function runsFrom(life: readonly LifeChange[], event: TraceEvent): TraceEvent | undefined {
  if (stateAt(life, event) === "running") return event;
  return life.find((change) => change.event.seq > event.seq && change.state === "running")?.event;
}

function stateAfter({ kind }: TraceEvent): AppLife | undefined {
  switch (kind) {
    case "app.launched":
    case "app.woken":
    case "app.foregrounded":
    case "app.backgrounded":
      return "running";
    case "app.suspended":
      return "suspended";
    case "app.terminated":
    case "app.launch-failed":
      return "not-running";
    default:
      return undefined;
  }
}
