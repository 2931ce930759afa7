import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { traceBuilder } from "../judge/testing/trace-builder.ts";
import type { TraceEvent } from "../trace/trace-event.ts";
import { callerHangsUp, on, places, start, step, wakes } from "./plan-parts.ts";
import type { AnchorExpression, Plan, Step } from "./plan.ts";
import { stepScheduler, type DueStep } from "./step-scheduler.ts";

function planOf(...steps: readonly Step[]): Plan {
  const { plan } = traceBuilder();
  return { ...plan, steps };
}

const anything = { kind: "caller.hang-up", call: "call:1" } as const;

function woken(seq: number, phone: "phone:1" | "phone:2" = "phone:1"): TraceEvent {
  return { seq, atMs: seq, lagMs: 0, from: "os", to: "phone", by: "world", phone, kind: "app.woken", why: "push" };
}

/** The steps that become due while the events pass, with the event each is owed to. */
function playedOver(after: AnchorExpression, events: readonly TraceEvent[]): readonly DueStep[] {
  const scheduler = stepScheduler(planOf(step(after, anything)));
  return [...scheduler.started(), ...events.flatMap((event) => scheduler.observe(event))];
}

describe("stepScheduler", () => {
  test("fires the start of the case once, with the delays of its steps", () => {
    const scheduler = stepScheduler(planOf(places("call:1"), places("call:1", start, 400)));
    expect(scheduler.started()).toEqual([
      { step: 0, delayMs: 0 },
      { step: 1, delayMs: 400 },
    ]);
    expect(scheduler.started()).toEqual([]);
  });

  test("names the event that completed the anchors as the cause", () => {
    expect(playedOver(on("app.woken", "phone:1"), [woken(3), woken(4)])).toEqual([{ step: 0, delayMs: 0, cause: 3 }]);
  });

  test("waits for the nth occurrence of that phone", () => {
    const third = on("app.woken", "phone:1", 3);
    expect(playedOver(third, [woken(0), woken(1, "phone:2"), woken(2)])).toEqual([]);
    expect(playedOver(third, [woken(0), woken(1), woken(2)])).toEqual([{ step: 0, delayMs: 0, cause: 2 }]);
  });

  test("waits for all of `all`, in whatever order, and for one of `any`", () => {
    const both = [on("app.woken", "phone:1"), on("app.woken", "phone:2")];
    expect(playedOver({ all: both }, [woken(0, "phone:2"), woken(1)])).toEqual([{ step: 0, delayMs: 0, cause: 1 }]);
    expect(playedOver({ all: both }, [woken(0), woken(1)])).toEqual([]);
    expect(playedOver({ any: both }, [woken(0, "phone:2"), woken(1)])).toEqual([{ step: 0, delayMs: 0, cause: 0 }]);
  });

  test("takes no event from before the start, nor any below the seq it was started at", () => {
    const scheduler = stepScheduler(planOf(step(on("app.woken"), anything)));
    expect(scheduler.observe(woken(0))).toEqual([]);
    scheduler.started(5);
    expect(scheduler.observe(woken(4))).toEqual([]);
    expect(scheduler.observe(woken(5))).toHaveLength(1);
  });

  test("counts the same bytes sent again as the same occurrence", () => {
    const first = woken(0);
    const again = { ...woken(1), retransmitOf: 0 };
    expect(playedOver(on("app.woken", "phone:1", 2), [first, again])).toEqual([]);
  });

  test("takes the retransmission for the first where the plan lost the first", () => {
    const ladder = traceBuilder();
    ladder.callerInvites("call:1");
    const lost = ladder.callerGets("call:1", 200, { fate: "lost" });
    const again = ladder.callerGets("call:1", 200, { retransmitOf: lost.seq });
    ladder.callerGets("call:1", 200, { retransmitOf: lost.seq });
    const due = playedOver(on("call.answered", "call:1"), ladder.finished().events);
    expect(due).toEqual([{ step: 0, delayMs: 0, cause: again.seq }]);
  });

  test("knows the 2xx of a log-out from that of a registration", () => {
    const ladder = traceBuilder();
    const { response } = ladder.registers("phone:1", { expires: 0 });
    const scheduler = stepScheduler(planOf(step(on("phone.unregistered"), anything), wakes("phone:1")));
    scheduler.started();
    const due = ladder.finished().events.flatMap((event) => scheduler.observe(event));
    expect(due).toEqual([{ step: 0, delayMs: 0, cause: response.seq }]);
  });

  test("tells in words which steps were never reached", () => {
    const scheduler = stepScheduler(
      planOf(places("call:1"), callerHangsUp("call:1", { any: [on("sent.180", "phone:1", 2), on("call.rejected")] })),
    );
    scheduler.started();
    expect(scheduler.unreached()).toEqual([
      {
        step: 1,
        action: "the caller of call 1 hangs up",
        anchor: "the 180 of phone 1 left for the 2nd time or any call was rejected",
      },
    ]);
  });

  test("makes every step due at most once, whatever comes", () => {
    const anchor = fc.record({ on: fc.constant("app.woken" as const), nth: fc.integer({ min: 1, max: 3 }) });
    const expression = fc.oneof(
      anchor,
      fc.array(anchor, { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
      fc.array(anchor, { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    );
    fc.assert(
      fc.property(fc.array(expression, { maxLength: 5 }), fc.nat({ max: 6 }), (expressions, count) => {
        const scheduler = stepScheduler(planOf(...expressions.map((after) => step(after, anything))));
        const events = Array.from({ length: count }, (_, seq) => woken(seq));
        const due = [...scheduler.started(), ...events.flatMap((event) => scheduler.observe(event))];
        const steps = due.map((one) => one.step);
        const left = scheduler.unreached().map((one) => one.step);
        expect([...steps, ...left].sort((a, b) => a - b)).toEqual(expressions.map((_, i) => i));
      }),
    );
  });
});
