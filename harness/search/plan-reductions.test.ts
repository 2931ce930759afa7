import { describe, expect, test } from "vitest";
import { parsePlan } from "../plan/parse-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { fakePlan } from "../run/testing/fake-world.ts";
import { planReductions } from "./plan-reductions.ts";

const phone = { platform: "ios", account: 1, app: "killed", signalling: "closed", pushes: [] } as const;
const call = { caller: { name: "Ada", number: "+15550100" }, callee: 1, video: false } as const;
const dozing = { doze: true, deprioritised: false } as const;
const dropped = { answer: { kind: "accept" }, answerDelayMs: 0, delivery: { kind: "drop" } } as const;

const plan: Plan = fakePlan("one", [], {
  phones: [phone, { ...phone, pushes: [dropped] }, { ...phone, platform: "android", android: dozing }],
  calls: [call, call],
  steps: [
    { after: { on: "case.started" }, delayMs: 0, do: { kind: "caller.call", call: "call:1" } },
    { after: { on: "case.started" }, delayMs: 400, do: { kind: "caller.call", call: "call:2" } },
    { after: { on: "push.delivered", of: "phone:3" }, delayMs: 0, do: { kind: "phone.wake", phone: "phone:3" } },
    {
      after: {
        any: [
          { on: "sent.180", of: "phone:2" },
          { on: "sent.180", of: "phone:3" },
        ],
      },
      delayMs: 0,
      do: { kind: "user.answer", phone: "phone:3", call: "call:2" },
    },
  ],
});

describe("the reductions of a plan", () => {
  const reduced = [...planReductions(plan)];

  test("are whole plans: every phone and call that a step names is there", () => {
    expect(reduced.length).toBeGreaterThan(10);
    for (const one of reduced) expect(parsePlan(one)).toEqual(one);
  });

  test("leave out a phone with what names it, and count the others down", () => {
    const withoutSecond = reduced[1];
    expect(withoutSecond?.phones).toHaveLength(2);
    expect(withoutSecond?.steps.slice(2)).toEqual([
      { after: { on: "push.delivered", of: "phone:2" }, delayMs: 0, do: { kind: "phone.wake", phone: "phone:2" } },
      {
        after: { any: [{ on: "sent.180", of: "phone:2" }] },
        delayMs: 0,
        do: { kind: "user.answer", phone: "phone:2", call: "call:2" },
      },
    ]);
  });

  test("leave out a call, a step, a push handling, a delay", () => {
    expect(reduced.some(({ calls, steps }) => calls.length === 1 && steps.length === 3)).toBe(true);
    for (const step of plan.steps)
      expect(reduced.some(({ steps }) => steps.length === 3 && !steps.includes(step))).toBe(true);
    expect(reduced.some(({ phones }) => phones.length === 3 && phones.every(({ pushes }) => pushes.length === 0))).toBe(
      true,
    );
    expect(reduced.some(({ steps }) => steps.length === 4 && steps.every(({ delayMs }) => delayMs === 0))).toBe(true);
  });

  test("wake an Android phone from Doze", () => {
    const awake = reduced.filter(
      ({ phones }) => phones.length === 3 && phones.every(({ android }) => android === undefined),
    );
    expect(awake).toHaveLength(1);
  });

  test("never leave a called account without a phone, nor a plan without a call", () => {
    const single = [...planReductions(fakePlan("one", [0, 100]))];
    expect(single.length).toBeGreaterThan(0);
    for (const { phones, calls } of single) expect([phones.length, calls.length]).toEqual([1, 1]);
  });

  test("come to an end", () => {
    let smallest = plan;
    let rounds = 0;
    for (let next = [...planReductions(smallest)]; next.length > 0; next = [...planReductions(smallest)]) {
      smallest = next[0] as Plan;
      rounds += 1;
      expect(rounds).toBeLessThan(50);
    }
    expect(smallest.steps).toEqual([]);
  });
});
