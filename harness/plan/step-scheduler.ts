import type { TraceEvent } from "../trace/trace-event.ts";
import { matchesAnchor } from "./anchor-table.ts";
import { describeAction, describeAnchors } from "./describe-step.ts";
import type { Anchor, AnchorExpression, Plan } from "./plan.ts";
import { registerLedger } from "./register-purpose.ts";

/** A step whose anchors have all come: to be played `delayMs` from now. */
export interface DueStep {
  /** Index into `plan.steps`. */
  readonly step: number;
  readonly delayMs: number;
  /** `seq` of the event that completed its anchors; absent when the start of the case did. */
  readonly cause?: number;
}

/** A step whose anchors never came, in words. */
export interface UnreachedStep {
  readonly step: number;
  readonly action: string;
  readonly anchor: string;
}

/** Says which steps become due. Holds no timers: whoever plays the plan times `delayMs`. */
export interface StepScheduler {
  /** The case starts: fires `case.started`. Events before it, or with a `seq` below `sinceSeq`, complete no anchor. */
  started(sinceSeq?: number): readonly DueStep[];
  /** Tells of one event, in order of `seq`; every step becomes due at most once. */
  observe(event: TraceEvent): readonly DueStep[];
  /** Steps that have not become due, in plan order. */
  unreached(): readonly UnreachedStep[];
}

interface Waiting {
  readonly step: number;
  readonly counts: number[];
  readonly anchors: readonly Anchor[];
}

export function stepScheduler(plan: Plan): StepScheduler {
  const ledger = registerLedger();
  /** First sendings already counted, so that the same bytes again are no further occurrence. */
  const counted = new Set<number>();
  let firstSeq: number | undefined;
  let waiting: readonly Waiting[] = plan.steps.map(({ after }, step) => {
    const anchors = anchorsOf(after);
    return { step, anchors, counts: anchors.map(() => 0) };
  });

  function collect(matches: (anchor: Anchor) => boolean, cause?: number): readonly DueStep[] {
    const due: DueStep[] = [];
    waiting = waiting.filter(({ step, anchors, counts }) => {
      const { after, delayMs } = plan.steps[step]!;
      anchors.forEach((anchor, i) => {
        if (matches(anchor)) counts[i]! += 1;
      });
      if (!isComplete(after, anchors, counts)) return true;
      due.push(cause === undefined ? { step, delayMs } : { step, delayMs, cause });
      return false;
    });
    return due;
  }

  return {
    started(sinceSeq = 0) {
      if (firstSeq !== undefined) return [];
      firstSeq = sinceSeq;
      return collect((anchor) => anchor.on === "case.started");
    },
    observe(event) {
      ledger.observe(event);
      if (firstSeq === undefined) return [];
      const occurrence = event.retransmitOf ?? event.seq;
      if (counted.has(occurrence)) return [];
      // What the plan lost on its way to us did not happen to us: the retransmission that gets through is the first.
      const neverArrived = event.kind === "sip" && event.fate === "lost" && event.by === "target";
      if (!neverArrived) counted.add(occurrence);
      const since = firstSeq;
      return collect((anchor) => matchesAnchor(anchor, event, ledger.purposeOf, since), event.seq);
    },
    unreached() {
      return waiting.map(({ step }) => {
        const { after, do: action } = plan.steps[step]!;
        return { step, action: describeAction(action, plan.role), anchor: describeAnchors(after) };
      });
    },
  };
}

function anchorsOf(expression: AnchorExpression): readonly Anchor[] {
  if ("all" in expression) return expression.all;
  if ("any" in expression) return expression.any;
  return [expression];
}

function isComplete(expression: AnchorExpression, anchors: readonly Anchor[], counts: readonly number[]): boolean {
  const reached = anchors.map(({ nth = 1 }, i) => counts[i]! >= nth);
  return "any" in expression ? reached.includes(true) : !reached.includes(false);
}
