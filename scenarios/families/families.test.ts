import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { testFacts } from "../../harness/judge/testing/default-facts.ts";
import { describePlan } from "../../harness/plan/describe-plan.ts";
import { parsePlan } from "../../harness/plan/parse-plan.ts";
import { unmetNeeds } from "../../harness/plan/plan-needs.ts";
import type { Plan } from "../../harness/plan/plan.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import { requirements } from "../catalogue.ts";
import { callerHangupWitnesses } from "./caller-hangup-witnesses.ts";
import { families } from "./index.ts";

const catalogue = requirements.map(({ id }) => id);

const everything = testFacts({ features: { minExpiresS: 60, deadFlowDetectionMs: 500 } });
const featureSets: readonly (readonly [name: string, facts: RunFacts])[] = [
  ["a holding proxy over UDP and TCP", testFacts()],
  ["everything declared", everything],
  ["a parallel proxy over UDP alone", testFacts({ features: { delivery: "parallel", transports: ["udp"] } })],
  ["TCP alone, one platform", testFacts({ features: { transports: ["tcp"], platforms: ["android"] } })],
  [
    "as little as can be declared",
    testFacts({
      features: {
        transports: ["tls"],
        platforms: ["ios"],
        video: false,
        multipleDevices: false,
        concurrentCalls: false,
      },
    }),
  ],
];

const cases = families.flatMap((family) =>
  featureSets.map(([name, facts]) => ({ family, id: family.id, name, facts })),
);

function samples(arbitrary: fc.Arbitrary<Plan>, seed = 7): readonly Plan[] {
  return fc.sample(arbitrary, { numRuns: 200, seed });
}

test("the five families exercise every requirement of the catalogue, and no other", () => {
  const exercised = new Set(families.flatMap(({ exercises }) => exercises));
  expect([...exercised].toSorted()).toEqual(catalogue.toSorted());
});

describe.each(cases)("$id, with $name", ({ family, facts }) => {
  test("plays witnesses that the target can be asked to play", () => {
    const plans = family.witnesses(facts);
    expect(plans.length).toBeGreaterThan(5);
    for (const plan of plans) {
      expect(parsePlan(plan)).toEqual(plan);
      expect(unmetNeeds(plan, facts.features)).toEqual([]);
    }
  });

  test("generates plans that are plain JSON, well formed and within what the target declares", () => {
    for (const plan of samples(family.arbitrary(facts))) {
      expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
      expect(unmetNeeds(plan, facts.features)).toEqual([]);
      expect(plan.scenario).toBe(family.id);
    }
  });

  test("generates the same plans from the same seed", () => {
    expect(samples(family.arbitrary(facts))).toEqual(samples(family.arbitrary(facts)));
  });

  test("never takes longer over a step than its family needs", () => {
    const delays = samples(family.arbitrary(facts)).flatMap(({ steps }) => steps.map(({ delayMs }) => delayMs));
    expect(Math.max(...delays)).toBeLessThanOrEqual(1500);
  });

  test("loses and duplicates messages on UDP alone", () => {
    for (const { transport, steps } of samples(family.arbitrary(facts))) {
      const onWire = steps.filter(({ do: action }) => action.kind.startsWith("wire."));
      expect(transport === "udp" || onWire.length === 0).toBe(true);
    }
  });
});

describe.each(families.map((family) => ({ family, id: family.id })))("$id", ({ family }) => {
  test("spreads over every transport and platform the target declares", () => {
    const plans = [...family.witnesses(everything), ...samples(family.arbitrary(everything))];
    const seen = new Set(plans.flatMap((plan) => plan.phones.map(({ platform }) => `${platform} ${plan.transport}`)));
    expect([...seen].toSorted()).toEqual(["android tcp", "android udp", "ios tcp", "ios udp"]);
  });

  test("places every call of a witness, and names every witness once", () => {
    const plans = family.witnesses(everything);
    for (const { calls, steps } of plans) {
      const placed = steps.filter(({ do: action }) => action.kind === "caller.call");
      expect(placed).toHaveLength(calls.length);
    }
    const bare = plans.map((plan) =>
      JSON.stringify({ ...plan, transport: "", phones: plan.phones.map(withoutPlatform) }),
    );
    expect(bare.length - new Set(bare).size).toBeLessThanOrEqual(3);
  });

  test("shrinks to one phone and one call, in few steps", () => {
    const found = fc.check(
      fc.property(
        family.arbitrary(everything),
        ({ steps }) => !steps.some(({ do: action }) => action.kind === "caller.call"),
      ),
      { seed: 3 },
    );
    const [plan] = found.counterexample!;
    expect(plan.phones).toHaveLength(1);
    expect(plan.calls).toEqual([{ caller: { name: "Alice Liddell", number: "+15550100" }, callee: 1, video: false }]);
    expect(plan.steps.length).toBeLessThanOrEqual(3);
  });
});

function withoutPlatform(phone: Plan["phones"][number]): Partial<Plan["phones"][number]> {
  return { ...phone, platform: "ios" };
}

test("a witness reads as the story it is named for", () => {
  const crossing = describePlan(callerHangupWitnesses.crossingAnswer(testFacts()));
  expect(crossing).toEqual([
    "phone 1 (iOS, account 1, UDP): app suspended, its signalling closed",
    'call 1: "Alice Liddell" at "+15550100" calls account 1 (voice)',
    "as soon as the case started, the caller places call 1",
    "50 ms after the push was delivered to phone 1, phone 1 wakes and registers",
    "100 ms after the 180 of phone 1 left, the user of phone 1 answers call 1",
    "as soon as the 200 of phone 1 left, the caller of call 1 hangs up",
  ]);
});

test("pushes are refused in the words of the phone's own push service", () => {
  const plans = families.flatMap((family) => [
    ...family.witnesses(everything),
    ...samples(family.arbitrary(everything)),
  ]);
  const refused = plans.flatMap(({ phones }) =>
    phones.flatMap(({ platform, pushes }) =>
      pushes.flatMap(({ answer }) => (answer.kind === "status" ? [{ platform, ...answer }] : [])),
    ),
  );
  const reasonsOn = (wanted: string) =>
    new Set(refused.filter(({ platform }) => platform === wanted).map(({ status, reason }) => `${status} ${reason}`));
  expect([...reasonsOn("ios")].toSorted()).toEqual([
    "410 Unregistered",
    "429 TooManyRequests",
    "500 InternalServerError",
    "503 ServiceUnavailable",
    "503 Shutdown",
  ]);
  expect([...reasonsOn("android")].toSorted()).toEqual([
    "404 UNREGISTERED",
    "429 QUOTA_EXCEEDED",
    "500 INTERNAL",
    "503 UNAVAILABLE",
  ]);
});

test("Android phones lie in every state of power management, asleep ones alone", () => {
  const phones = families
    .flatMap((family) => samples(family.arbitrary(everything)))
    .flatMap((plan) => plan.phones)
    .filter(({ android }) => android !== undefined);
  expect(new Set(phones.map(({ platform }) => platform))).toEqual(new Set(["android"]));
  expect(phones.every(({ signalling }) => signalling !== "connected" && signalling !== "half-dead")).toBe(true);
  expect(new Set(phones.map(({ android }) => `${android?.doze} ${android?.deprioritised}`)).size).toBe(3);
});
