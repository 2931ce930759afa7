import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { testFacts } from "../../harness/judge/testing/default-facts.ts";
import { describePlan } from "../../harness/plan/describe-plan.ts";
import { parsePlan } from "../../harness/plan/parse-plan.ts";
import { unmetNeeds } from "../../harness/plan/plan-needs.ts";
import type { Plan } from "../../harness/plan/plan.ts";
import type { Scenario } from "../../harness/plan/scenario.ts";
import type { AppFacts, RunFacts } from "../../harness/trace/run-facts.ts";
import { requirements } from "../catalogue.ts";
import { callerHangupWitnesses } from "./caller-hangup-witnesses.ts";
import { suits } from "./client/client-plan.ts";
import { clientWitnesses } from "./client/index.ts";
import { deviceLink } from "./device-link.ts";
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

const everyClient = asClient(testFacts({ features: { transports: ["udp", "tcp", "tls", "ws"] } }));
const clientSets: readonly (readonly [name: string, facts: RunFacts])[] = [
  ["an app on both platforms over every transport", everyClient],
  [
    "an app without Telecom, on Android over UDP alone",
    { ...asClient(testFacts({ features: { transports: ["udp"], platforms: ["android"] } })), app: withoutTelecom() },
  ],
  [
    "an iPhone app of a profile with a key of its own, over WebSocket",
    asClient(
      testFacts({
        features: { transports: ["ws"], platforms: ["ios"], video: false, concurrentCalls: false },
        profile: {
          correlation: { sip: "X-Push-Key" },
          registration: { header: { name: "X-Token", value: "<token>" } },
          cancelByPush: { pointer: "/type", value: "cancel" },
        },
      }),
    ),
  ],
];

function asClient(facts: RunFacts): RunFacts {
  return { ...facts, role: "client" };
}

function withoutTelecom(): AppFacts {
  return { name: "a test's app", version: "1", telecom: "none", features: [] };
}

const cases = families.flatMap((family) =>
  [...featureSets, ...clientSets].map(([name, facts]) => ({ family, id: family.id, name, facts })),
);

function samples(arbitrary: fc.Arbitrary<Plan>, seed = 7): readonly Plan[] {
  return fc.sample(arbitrary, { numRuns: 200, seed });
}

const drawn = new Map<string, readonly Plan[]>();

/** The same plans for every test that only looks at them. */
function samplesOf(family: Scenario, name: string, facts: RunFacts): readonly Plan[] {
  const key = `${family.id}, ${name}`;
  const plans = drawn.get(key) ?? samples(family.arbitrary(facts));
  drawn.set(key, plans);
  return plans;
}

test("the five families exercise every requirement of the catalogue, and no other", () => {
  const exercised = new Set(families.flatMap(({ exercises }) => exercises));
  expect([...exercised].toSorted()).toEqual(catalogue.toSorted());
});

describe.each(cases)("$id, with $name", ({ family, name, facts }) => {
  test("plays witnesses that the target can be asked to play", () => {
    const plans = family.witnesses(facts);
    expect(plans.length).toBeGreaterThan(5);
    for (const plan of plans) {
      expect(parsePlan(plan)).toEqual(plan);
      expect(plan.role).toBe(facts.role);
      expect(unmetNeeds(plan, facts.features)).toEqual([]);
    }
  });

  test("generates plans that are plain JSON, well formed and within what the target declares", () => {
    for (const plan of samplesOf(family, name, facts)) {
      const text = JSON.stringify(plan);
      expect(JSON.stringify(parsePlan(JSON.parse(text)))).toBe(text);
      expect(unmetNeeds(plan, facts.features)).toEqual([]);
      expect(plan.scenario).toBe(family.id);
      expect(plan.role).toBe(facts.role);
    }
  });

  test("generates the same plans from the same seed", () => {
    expect(JSON.stringify(samples(family.arbitrary(facts)))).toBe(JSON.stringify(samplesOf(family, name, facts)));
  });

  test("never takes longer over a step than its family needs", () => {
    const delays = samplesOf(family, name, facts).flatMap(({ steps }) => steps.map(({ delayMs }) => delayMs));
    expect(Math.max(...delays)).toBeLessThanOrEqual(1500);
  });

  test("takes no path, key or push that the target has nothing of", () => {
    const plans = [...family.witnesses(facts), ...samplesOf(family, name, facts)];
    expect(plans.filter((plan) => !suits(plan, facts))).toEqual([]);
  });

  test("loses and duplicates messages on UDP alone", () => {
    for (const { transport, steps } of samplesOf(family, name, facts)) {
      const onWire = steps.filter(({ do: action }) => action.kind.startsWith("wire."));
      expect(transport === "udp" || onWire.length === 0).toBe(true);
    }
  });
});

describe.each(families.map((family) => ({ family, id: family.id })))("$id", ({ family }) => {
  test("spreads over every transport and platform the target declares", () => {
    const plans = [...family.witnesses(everything), ...samplesOf(family, "everything declared", everything)];
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

  test("has client witnesses for every transport and platform, and none twice", () => {
    const plans = family.witnesses(everyClient);
    const seen = new Set(plans.flatMap((plan) => plan.phones.map(({ platform }) => `${platform} ${plan.transport}`)));
    expect(seen.size).toBe(8);
    expect(new Set(plans.map((plan) => JSON.stringify({ ...plan, transport: "" }))).size).toBe(plans.length);
  });

  test.each([
    ["server", everything],
    ["client", everyClient],
  ])("shrinks to one phone and one call, in few steps, for a %s", (_, facts) => {
    const found = fc.check(
      fc.property(
        family.arbitrary(facts),
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

test("a witness for a client reads as the story it is named for", () => {
  const late = describePlan(clientWitnesses["answer-before-connect"].answersBeforeRegister(everyClient));
  expect(late).toEqual([
    "phone 1 (iOS, account 1, UDP): app killed, its signalling closed",
    'call 1: "Alice Liddell" at "+15550100" calls account 1 (voice)',
    "as soon as the case started, the registrar holds back its answers to the REGISTERs of phone 1",
    "50 ms after the case started, a push for call 1 is sent to phone 1",
    "800 ms after the user of phone 1 answered or the user of phone 1 declined, the registrar accepts the REGISTERs of phone 1",
    "300 ms after phone 1 was registered, the caller places call 1",
    "50 ms after phone 1 showed ringing, the user of phone 1 answers call 1",
    "500 ms after call 1 was answered, the caller of call 1 hangs up",
  ]);
});

test("the client witnesses of all families are few enough to be played in seconds", () => {
  const plans = families.flatMap((family) => family.witnesses(everyClient));
  expect(plans.length).toBeLessThanOrEqual(120);
});

test("between them the client witnesses send every form of push and CANCEL, and every answer of the registrar", () => {
  const actions = families
    .flatMap((family) => family.witnesses({ ...everyClient, profile: { ...everyClient.profile, cancelByPush } }))
    .flatMap(({ steps }) => steps.map(({ do: action }) => action));
  const forms = actions.flatMap((action) => ("form" in action && action.form !== undefined ? [action.form] : []));
  const answers = actions.flatMap((action) => (action.kind === "registrar.answer" ? [String(action.answer)] : []));
  expect([...new Set([...forms, ...answers])].toSorted()).toEqual([
    "403",
    "accept",
    "answered-elsewhere",
    "bad-uuid",
    "cancel",
    "completed-elsewhere",
    "declined-elsewhere",
    "hold",
    "no-caller",
    "no-keys",
    "not-an-object",
    "not-obliged",
    "plain",
    "silence",
  ]);
});

const cancelByPush = { pointer: "/type", value: "cancel" };

describe("device-link", () => {
  test("is played only when it is named, against clients, and exercises what the catalogue has", () => {
    expect([deviceLink.byName, deviceLink.roles]).toEqual([true, ["client"]]);
    const known = new Set<string>(catalogue);
    expect(deviceLink.exercises.filter((id) => !known.has(id))).toEqual([]);
  });

  test("plays one step of the link at a time on each platform, and draws among the same plans", () => {
    const plans = deviceLink.witnesses(everyClient);
    for (const plan of plans) {
      expect(parsePlan(plan)).toEqual(plan);
      expect(plan.steps.length).toBeLessThanOrEqual(5);
    }
    expect(plans[0]?.steps).toEqual([]);
    expect(new Set(plans.flatMap(({ phones }) => phones.map(({ platform }) => platform)))).toEqual(
      new Set(["ios", "android"]),
    );
    for (const plan of samples(deviceLink.arbitrary(everyClient))) expect(plans).toContainEqual(plan);
  });
});

test("pushes are refused in the words of the phone's own push service", () => {
  const plans = families.flatMap((family) => [
    ...family.witnesses(everything),
    ...samplesOf(family, "everything declared", everything),
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
    .flatMap((family) => samplesOf(family, "everything declared", everything))
    .flatMap((plan) => plan.phones)
    .filter(({ android }) => android !== undefined);
  expect(new Set(phones.map(({ platform }) => platform))).toEqual(new Set(["android"]));
  expect(phones.every(({ signalling }) => signalling !== "connected" && signalling !== "half-dead")).toBe(true);
  expect(new Set(phones.map(({ android }) => `${android?.doze} ${android?.deprioritised}`)).size).toBe(3);
});
