import type { Clock } from "../../harness/clock/clock.ts";
import type { Deadlines, RunFacts } from "../../harness/trace/run-facts.ts";
import type { CaseEnd } from "../../harness/trace/trace.ts";
import type { TraceEvent } from "../../harness/trace/trace-event.ts";

/** Decides when a case is over. */
export interface CaseEnding {
  readonly ended: Promise<CaseEnd>;
  /** Tells of an event of the trace. */
  observe(event: TraceEvent): void;
  /** Looks again whether there is still something to wait for. */
  changed(): void;
  /** Ends the case now. */
  end(how: CaseEnd): void;
}

/** No case takes longer, whatever the plan. */
export const CASE_CAP_MS = 60_000;
/** How often what is waited for is looked at again when nothing happens. */
const LOOK_AGAIN_MS = 100;

/** What the end of a case depends on. */
export type EndingFacts = Pick<RunFacts, "role" | "deadlines">;

/** How long nothing must happen after the last stimulus: long enough for every deadline that a judge measures from it. */
export function absenceWindowMs({ role, deadlines }: EndingFacts): number {
  const { ringStopAfterHangupMs, inviteAfterRegisterMs, appReactsMs, absenceMs }: Deadlines = deadlines;
  const decided = Math.max(ringStopAfterHangupMs, role === "server" ? inviteAfterRegisterMs : appReactsMs);
  return Math.max(absenceMs, decided + 200);
}

/**
 * A case ends when nothing is waited for and the absence window after the last stimulus (our own doing, retransmissions
 * aside) was seen whole, or at the cap.
 */
export function caseEnding(clock: Clock, facts: EndingFacts, waitsFor: () => string | undefined): CaseEnding {
  const windowMs = absenceWindowMs(facts);
  const startMs = clock.now();
  let lastStimulusMs = startMs;
  let quietSinceMs: number | undefined;
  let over = false;
  let cancelTimer = (): void => {};
  let resolveEnd: (end: CaseEnd) => void;
  const ended = new Promise<CaseEnd>((resolve) => {
    resolveEnd = resolve;
  });

  function end(how: CaseEnd): void {
    if (over) return;
    over = true;
    cancelTimer();
    resolveEnd(how);
  }

  function look(): void {
    if (over) return;
    cancelTimer();
    const now = clock.now();
    const waiting = waitsFor();
    if (waiting === undefined) quietSinceMs ??= now;
    else quietSinceMs = undefined;
    if (now - startMs >= CASE_CAP_MS) {
      end({ kind: "capped", atMs: now, why: waiting ?? "the absence window" });
      return;
    }
    const absenceFromMs = Math.max(lastStimulusMs, quietSinceMs ?? now);
    const leftMs = absenceFromMs + windowMs - now;
    if (waiting === undefined && leftMs <= 0) {
      end({ kind: "finished", atMs: now, absenceFromMs });
      return;
    }
    cancelTimer = clock.after(waiting === undefined ? leftMs : LOOK_AGAIN_MS, look);
  }

  look();
  return {
    ended,
    observe(event) {
      if (event.by === "world" && event.retransmitOf === undefined) lastStimulusMs = event.atMs;
    },
    changed: look,
    end,
  };
}
