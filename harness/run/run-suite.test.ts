import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import type { Clock } from "../clock/clock.ts";
import { liveClock } from "../clock/clock.ts";
import { TargetError, UsageError } from "../errors.ts";
import { concludeRun } from "../judge/run-verdict.ts";
import type { Plan } from "../plan/plan.ts";
import type { RunEvent } from "./run-event.ts";
import { runSuite } from "./run-suite.ts";
import type { SuiteOptions } from "./suite-options.ts";
import {
  type Behaviour,
  fakePlan,
  fakeRequirement,
  fakeScenario,
  fakeWorld,
  type FakeWorld,
} from "./testing/fake-world.ts";

const requirements = ["flow/a", "flow/b", "flow/target-survives"].map((id) =>
  fakeRequirement(id as `${string}/${string}`),
);
const scenarios = [
  fakeScenario("one", ["flow/a", "flow/b", "flow/target-survives"], [fakePlan("one", [100])]),
  fakeScenario("two", ["flow/a"], [fakePlan("two", []), fakePlan("two", [100, 200])]),
];
const MARK = 800;
const isMarked = (plan: Plan): boolean => plan.steps.some(({ delayMs }) => delayMs === MARK);

function optionsFor(world: FakeWorld, rest: Partial<SuiteOptions> = {}): SuiteOptions {
  return {
    world,
    target: world.target,
    requirements,
    scenarios,
    suite: { runs: 20, seed: 7, concurrency: 8, strict: false },
    partial: false,
    expectedFailures: [],
    ownFaults: () => [],
    nonce: "n1",
    clock: liveClock(),
    signal: new AbortController().signal,
    onEvent: () => {},
    ...rest,
  };
}

const verdictOf = (result: Awaited<ReturnType<typeof runSuite>>): string =>
  concludeRun(result, requirements, scenarios).verdict;

describe("a survey", () => {
  test("plays every witness and the generated plans of each scenario, judged by every requirement", async () => {
    const world = fakeWorld(() => ({}));
    const result = await runSuite(optionsFor(world));
    expect(result.cases).toHaveLength(43);
    expect(result.cases.map(({ source }) => source).slice(0, 4)).toEqual([
      "witness",
      "witness",
      "witness",
      "generated",
    ]);
    expect(result.cases[0]?.id).toBe("one-0");
    expect(new Set(result.cases.map(({ id }) => id)).size).toBe(43);
    for (const one of result.cases) expect(Object.keys(one.verdicts)).toEqual(requirements.map(({ id }) => id));
    expect(result.ended).toBe("complete");
    expect(verdictOf(result)).toBe("pass");
    expect(world.closed()).toBe(1);
    expect(result.harness.margins["flow/a"]).toEqual({ what: "x", limitMs: 100, actualMs: 10 });
  });

  test("never has more cases under way than asked for or than the world can hold", async () => {
    const asked = fakeWorld(() => ({}));
    await runSuite(optionsFor(asked));
    expect(asked.mostTogether()).toBe(8);
    const small = fakeWorld(() => ({}), { cases: 3 });
    await runSuite(optionsFor(small));
    expect(small.mostTogether()).toBe(3);
  });

  test("gives every play a nonce of its own, made of small letters, digits and hyphens", async () => {
    const world = fakeWorld((plan) => (isMarked(plan) ? { fails: { "flow/a": "deadline" } } : {}));
    await runSuite(optionsFor(world));
    const nonces = world.plays.map(({ lease }) => lease.nonce);
    expect(new Set(nonces).size).toBe(nonces.length);
    for (const nonce of nonces) expect(nonce).toMatch(/^[a-z0-9-]+$/);
    expect(Math.max(...world.plays.map(({ lease }) => lease.attempt))).toBeGreaterThan(1);
  });

  test("with the same seed plays the same plans and fails the same cases, whatever the concurrency", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        async (seed, k1, k2) => {
          const run = async (concurrency: number): Promise<unknown> => {
            const world = fakeWorld((plan) => (isMarked(plan) ? { fails: { "flow/b": "order" } } : {}));
            const result = await runSuite(optionsFor(world, { suite: { runs: 8, seed, concurrency, strict: false } }));
            return [
              result.cases.map(({ id, plan, verdicts }) => [id, plan, verdicts]),
              result.counterexamples.map(({ plan, path }) => [plan, path]),
            ];
          };
          expect(await run(k1)).toEqual(await run(k2));
        },
      ),
      { numRuns: 20 },
    );
  });

  test("keeps the trace of what is evidence, and of everything when asked to", async () => {
    const behave = (plan: Plan): Behaviour => (isMarked(plan) ? { fails: { "flow/a": "content" } } : {});
    const some = await runSuite(optionsFor(fakeWorld(behave)));
    const passing = some.cases.filter(({ verdicts }) => verdicts["flow/a"]?.kind === "pass");
    expect(passing.filter(({ trace }) => trace !== undefined)).toHaveLength(1);
    for (const one of some.cases.filter(({ plan }) => isMarked(plan))) expect(one.trace).toBeDefined();
    const all = await runSuite(optionsFor(fakeWorld(behave), { keepAll: true }));
    expect(all.cases.every(({ trace }) => trace !== undefined)).toBe(true);
  });

  test("in shards plays every case exactly once between them", async () => {
    const ids: string[] = [];
    for (const index of [1, 2, 3]) {
      const { cases, shard } = await runSuite(
        optionsFor(
          fakeWorld(() => ({})),
          { shard: { index, of: 3 } },
        ),
      );
      expect(shard).toEqual({ index, of: 3 });
      ids.push(...cases.map(({ id }) => id));
    }
    const whole = await runSuite(optionsFor(fakeWorld(() => ({}))));
    expect(ids.toSorted()).toEqual(whole.cases.map(({ id }) => id).toSorted());
  });

  test("with nothing selected is a UsageError, and the world is closed", async () => {
    for (const rest of [{ scenarios: [] }, { requirements: [] }]) {
      const world = fakeWorld(() => ({}));
      await expect(runSuite(optionsFor(world, rest))).rejects.toThrow(UsageError);
      expect(world.closed()).toBe(1);
    }
  });
});

describe("a failing requirement", () => {
  test("is shrunk to the smallest plan that fails for the same reason, and played alone three times", async () => {
    const world = fakeWorld((plan) => (isMarked(plan) ? { fails: { "flow/a": "content" } } : {}));
    const events: RunEvent[] = [];
    const result = await runSuite(optionsFor(world, { onEvent: (event) => events.push(event) }));
    expect(result.counterexamples).toHaveLength(1);
    const [counterexample] = result.counterexamples;
    expect(counterexample?.requirement).toBe("flow/a");
    expect(counterexample?.mismatch).toBe("flow-a-mismatch");
    expect(counterexample?.plan.steps.map(({ delayMs }) => delayMs)).toEqual([MARK]);
    expect(counterexample?.plan.transport).toBe("udp");
    expect(counterexample?.reproduced).toEqual({ k: 3, n: 3 });
    expect(counterexample?.trace.plan).toEqual(counterexample?.plan);
    expect(verdictOf(result)).toBe("fail");
    const found = scenarios.find(({ id }) => id === counterexample?.plan.scenario)?.arbitrary(world.runFacts);
    expect(fc.sample(found as fc.Arbitrary<Plan>, { seed: 7, path: counterexample?.path ?? "", numRuns: 1 })).toEqual([
      counterexample?.plan,
    ]);
    expect(events.map(({ kind }) => kind).filter((kind) => !kind.startsWith("case-"))).toEqual([
      "run-started",
      "requirement-failed",
      "shrinking",
      "confirmed",
      "run-ended",
    ]);
  });

  test("of a witness is shrunk by leaving parts out", async () => {
    const scenario = fakeScenario("w", ["flow/a"], [fakePlan("w", [100, 300, 200, 300])]);
    const world = fakeWorld((plan) =>
      plan.steps.some(({ delayMs }) => delayMs === 300) ? { fails: { "flow/a": "content" } } : {},
    );
    const result = await runSuite(optionsFor(world, { scenarios: [scenario] }));
    expect(result.counterexamples[0]?.plan.steps.map(({ delayMs }) => delayMs)).toEqual([300]);
    expect(result.counterexamples[0]?.path).toMatch(/^witness:0:/);
  });

  test("that all its expected failures cover is not shrunk, and the run passes with waivers", async () => {
    const world = fakeWorld((plan) => (isMarked(plan) ? { fails: { "flow/a": "content" } } : {}));
    const result = await runSuite(
      optionsFor(world, { expectedFailures: [{ requirement: "flow/a", reason: "known" }] }),
    );
    expect(result.counterexamples).toEqual([]);
    expect(result.cases.filter(({ verdicts }) => verdicts["flow/a"]?.kind === "fail").length).toBeGreaterThan(0);
    expect(verdictOf(result)).toBe("pass-with-waivers");
  });

  test("costs no more than the search budget, and still says how often its plan failed alone", async () => {
    const world = fakeWorld((plan) => (isMarked(plan) ? { fails: { "flow/a": "content" } } : {}));
    const result = await runSuite(
      optionsFor(world, { search: { perRequirementMs: 20_000, totalMs: 0, reproductions: 2 } }),
    );
    const [counterexample] = result.counterexamples;
    expect(counterexample?.reproduced).toEqual({ k: 2, n: 2 });
    expect(result.cases.find(({ id }) => id === counterexample?.caseId)?.plan).toEqual(counterexample?.plan);
  });

  test("whose play hangs during the shrink is cut off with the budget", async () => {
    const world = fakeWorld((plan, { attempt }) =>
      attempt > 1 ? { hangs: true } : isMarked(plan) ? { fails: { "flow/a": "content" } } : {},
    );
    const result = await runSuite(
      optionsFor(world, { search: { perRequirementMs: 50, totalMs: 50, reproductions: 0 } }),
    );
    expect(result.counterexamples[0]?.reproduced).toEqual({ k: 0, n: 0 });
    expect(result.counterexamples[0]?.verdict.kind).toBe("fail");
  });

  test("that shows only sometimes is reported as failed k of n", async () => {
    let plays = 0;
    const world = fakeWorld((plan, { attempt }) => {
      if (!isMarked(plan)) return {};
      plays += attempt > 1 ? 1 : 0;
      return attempt === 1 || plays === 2 ? { fails: { "flow/a": "content" } } : {};
    });
    const result = await runSuite(
      optionsFor(world, { search: { perRequirementMs: 20_000, totalMs: 0, reproductions: 3 } }),
    );
    expect(result.counterexamples[0]?.reproduced).toEqual({ k: 1, n: 3 });
  });
});

describe("a fail that rests on a deadline", () => {
  test("and shows only among other cases leaves the run inconclusive, never failed", async () => {
    const world = fakeWorld((_, lease, together) => (together > 1 ? { fails: { "flow/b": "deadline" } } : {}));
    const result = await runSuite(optionsFor(world, { requirements: [fakeRequirement("flow/b")] }));
    expect(result.cases.some(({ verdicts }) => verdicts["flow/b"]?.kind === "fail")).toBe(false);
    expect(result.cases.some(({ verdicts }) => verdicts["flow/b"]?.kind === "inconclusive")).toBe(true);
    expect(result.counterexamples).toEqual([]);
    expect(verdictOf(result)).not.toBe("fail");
  });

  test("on a host that is busy throughout is inconclusive", async () => {
    const world = fakeWorld((_, { attempt }) => (attempt === 1 ? { fails: { "flow/a": "deadline" } } : {}));
    const result = await runSuite(optionsFor(world));
    expect(verdictOf(result)).toBe("inconclusive");
    expect(result.cases[0]?.verdicts["flow/a"]).toEqual({
      kind: "inconclusive",
      why: "flow-a-mismatch rests on a deadline and did not show again with the plan alone",
    });
  });

  test("counts once it shows again alone, without every such case being waited for", async () => {
    const world = fakeWorld(() => ({ fails: { "flow/a": "deadline" } }));
    const result = await runSuite(
      optionsFor(world, { search: { perRequirementMs: 20_000, totalMs: 0, reproductions: 0 } }),
    );
    expect(result.cases.filter(({ verdicts }) => verdicts["flow/a"]?.kind === "fail")).toHaveLength(43);
    expect(world.plays).toHaveLength(44);
  });

  test("does not lean on the confirmation of a case that an expected failure covers", async () => {
    const expectedFailures = [{ requirement: "flow/a" as const, reason: "known", scenario: "one" }];
    const world = fakeWorld((plan, { attempt }) =>
      attempt === 1 || plan.scenario === "one" ? { fails: { "flow/a": "deadline" } } : {},
    );
    const result = await runSuite(optionsFor(world, { expectedFailures }));
    const kinds = (scenario: string): unknown => [
      ...new Set(
        result.cases.filter((one) => one.scenario === scenario).map(({ verdicts }) => verdicts["flow/a"]?.kind),
      ),
    ];
    expect(kinds("one")).toEqual(["fail"]);
    expect(kinds("two")).toEqual(["inconclusive"]);
  });

  test("of content or order stands without being tried again", async () => {
    const world = fakeWorld((_, { attempt }) =>
      attempt === 1 ? { fails: { "flow/a": "content", "flow/b": "order" } } : {},
    );
    const result = await runSuite(
      optionsFor(world, { search: { perRequirementMs: 20_000, totalMs: 0, reproductions: 0 } }),
    );
    expect(verdictOf(result)).toBe("fail");
    expect(world.plays).toHaveLength(43);
  });

  test("in the run's own trace is inconclusive", async () => {
    const world = fakeWorld(() => ({}), { runBehaviour: { fails: { "apns/x": "deadline", "apns/y": "content" } } });
    const result = await runSuite(
      optionsFor(world, {
        requirements: [
          ...requirements,
          fakeRequirement("apns/x", { scope: "run" }),
          fakeRequirement("apns/y", { scope: "run" }),
        ],
      }),
    );
    expect(result.runScope["apns/x"]?.kind).toBe("inconclusive");
    expect(result.runScope["apns/y"]?.kind).toBe("fail");
  });
});

describe("a target that dies", () => {
  test("once leaves no trace in the verdicts: its cases are played again one by one on a fresh start", async () => {
    let died = false;
    const world = fakeWorld((plan) => {
      if (died || !isMarked(plan)) return {};
      died = true;
      return { dies: true };
    });
    const events: RunEvent[] = [];
    const result = await runSuite(optionsFor(world, { onEvent: (event) => events.push(event) }));
    expect(verdictOf(result)).toBe("pass");
    expect(result.cases).toHaveLength(43);
    expect(world.target.starts).toBe(2);
    const again = world.plays.filter(({ lease }) => lease.attempt === 2);
    expect(again.length).toBeGreaterThan(0);
    expect(again.every(({ together }) => together === 1)).toBe(true);
    expect(events.filter(({ kind }) => kind.startsWith("target-")).map(({ kind }) => kind)).toEqual([
      "target-exited",
      "target-restarted",
    ]);
  });

  test("again in the same case fails that case, and the others are judged from their second play", async () => {
    const world = fakeWorld((plan) =>
      plan.steps.filter(({ delayMs }) => delayMs === MARK).length > 1 ? { dies: true } : {},
    );
    const result = await runSuite(optionsFor(world));
    const failed = result.cases.filter(({ verdicts }) => verdicts["flow/target-survives"]?.kind === "fail");
    expect(failed.length).toBeGreaterThan(0);
    for (const { plan, end } of failed) {
      expect(plan.steps.filter(({ delayMs }) => delayMs === MARK).length).toBeGreaterThan(1);
      expect(end.kind).toBe("target-died");
    }
    expect(result.cases).toHaveLength(43);
    expect(verdictOf(result)).toBe("fail");
    expect(result.counterexamples[0]?.plan.steps.map(({ delayMs }) => delayMs)).toEqual([MARK, MARK]);
  });

  test("in every case is not started afresh for ever", async () => {
    const world = fakeWorld(() => ({ dies: true }));
    const result = await runSuite(
      optionsFor(world, { search: { perRequirementMs: 20_000, totalMs: 0, reproductions: 0 } }),
    );
    expect(result.ended).toBe("interrupted");
    expect(result.error).toMatch(/died in 10 cases/);
    expect(result.cases).toHaveLength(10);
    expect(verdictOf(result)).toBe("fail");
  });

  test("and does not come back ends the run with an error and what there is", async () => {
    const world = fakeWorld((plan) => ({ dies: plan.scenario === "two" }), { restartFails: true });
    const result = await runSuite(optionsFor(world, { suite: { runs: 0, seed: 1, concurrency: 1, strict: false } }));
    expect(result.ended).toBe("error");
    expect(result.error).toBe("it does not come back");
    expect(result.cases.map(({ id }) => id)).toEqual(["one-0"]);
    expect(verdictOf(result)).toBe("error");
    expect(world.closed()).toBe(1);
  });
});

describe("an error during the search for counterexamples", () => {
  test("keeps the confirmed fails and the counterexamples found before it", async () => {
    let again = 0;
    const behave = (plan: Plan, { attempt }: { readonly attempt: number }): Behaviour => {
      again += attempt > 1 ? 1 : 0;
      if (again > 8) return { dies: true };
      return isMarked(plan) ? { fails: { "flow/a": "deadline", "flow/b": "content" } } : {};
    };
    const world = fakeWorld(behave, { restartFails: true });
    const search = { perRequirementMs: 20_000, totalMs: 0, reproductions: 5 };
    const result = await runSuite(optionsFor(world, { search }));
    expect(result.ended).toBe("error");
    expect(result.counterexamples.map(({ requirement }) => requirement)).toEqual(["flow/a"]);
    expect(result.cases.some(({ verdicts }) => verdicts["flow/a"]?.kind === "fail")).toBe(true);
  });
});

describe("a harness fault", () => {
  test("of RingTrue's own doing makes the run an error, and the case is not judged", async () => {
    const world = fakeWorld(() => ({}));
    const ownFaults: SuiteOptions["ownFaults"] = (trace) =>
      trace.case === "one-3" ? ["sent two Via branches alike"] : [];
    const result = await runSuite(optionsFor(world, { ownFaults }));
    const faulty = result.cases.find(({ id }) => id === "one-3");
    expect(faulty?.end).toEqual({ kind: "harness-fault", atMs: 10, message: "sent two Via branches alike" });
    expect(faulty?.verdicts).toEqual({});
    expect(result.error).toBe("one-3: sent two Via branches alike");
    expect(verdictOf(result)).toBe("error");
  });

  test("is a world that throws, or a judge that throws", async () => {
    const world = fakeWorld((plan) => {
      if (isMarked(plan)) throw new RangeError("no more sockets");
      return {};
    });
    const result = await runSuite(optionsFor(world));
    expect(result.error).toMatch(/no more sockets/);
    expect(result.cases).toHaveLength(43);
    const judging = await runSuite(
      optionsFor(
        fakeWorld(() => ({})),
        {
          requirements: [
            fakeRequirement("flow/a", {
              judge() {
                throw new RangeError("bad index");
              },
            }),
          ],
        },
      ),
    );
    expect(judging.ended).toBe("error");
    expect(judging.error).toMatch(/The judge of flow\/a threw on the trace of case .*: bad index/);
  });

  test("is a case that does not end, which is told to after ninety seconds", async () => {
    const clock = steppedClock();
    const world = fakeWorld((plan) => ({ hangs: isMarked(plan) }));
    const running = runSuite(
      optionsFor(world, { clock, suite: { runs: 8, seed: 7, concurrency: 100, strict: false } }),
    );
    await expect.poll(() => world.plays.length).toBe(19);
    clock.step(89_999);
    clock.step(1);
    const result = await running;
    expect(result.cases).toHaveLength(19);
    for (const { end, plan } of result.cases) expect(end.kind).toBe(isMarked(plan) ? "harness-fault" : "finished");
    expect(result.error).toMatch(/did not end within 90000 ms/);
  });
});

describe("an interrupt", () => {
  test("gives what there is, marked interrupted", async () => {
    const abort = new AbortController();
    const world = fakeWorld((plan) => (isMarked(plan) ? { fails: { "flow/a": "content", "flow/b": "deadline" } } : {}));
    const result = await runSuite(
      optionsFor(world, {
        signal: abort.signal,
        onEvent: (event) => {
          if (event.kind === "case-ended" && event.done === 20) abort.abort();
        },
      }),
    );
    expect(result.ended).toBe("interrupted");
    expect(result.cases.length).toBeGreaterThanOrEqual(20);
    expect(result.cases.length).toBeLessThan(43);
    expect(result.cases.every(({ end }) => end.kind === "finished")).toBe(true);
    expect(result.cases.some(({ verdicts }) => verdicts["flow/a"]?.kind === "fail")).toBe(true);
    expect(result.cases.some(({ verdicts }) => verdicts["flow/b"]?.kind === "fail")).toBe(false);
    expect(result.counterexamples).toEqual([]);
    expect(world.closed()).toBe(1);
  });

  test("during a fresh start of the target says nothing against it", async () => {
    const abort = new AbortController();
    const world = fakeWorld(() => ({ dies: true }));
    world.target.restart = async () => {
      abort.abort();
      throw new TargetError("target-aborted", "its start was interrupted");
    };
    const result = await runSuite(optionsFor(world, { signal: abort.signal }));
    expect(result.ended).toBe("interrupted");
    expect(result.error).toBeUndefined();
    expect(verdictOf(result)).toBe("inconclusive");
  });

  test("before anything failed is inconclusive, not a pass", async () => {
    const abort = new AbortController();
    abort.abort();
    const result = await runSuite(
      optionsFor(
        fakeWorld(() => ({})),
        { signal: abort.signal },
      ),
    );
    expect(result.cases).toEqual([]);
    expect(verdictOf(result)).toBe("inconclusive");
  });
});

describe("accounts of a pool", () => {
  const account = (number: number): { aor: string; username: string } => ({
    aor: `sip:u${number}@example.test`,
    username: `u${number}`,
  });

  test("are never lent to two cases at once", async () => {
    const lent = new Set<string>();
    const world = fakeWorld(() => ({}));
    const play = world.play.bind(world);
    const checking: FakeWorld = {
      ...world,
      async play(plan, lease, signal) {
        const mine = (lease.accounts ?? []).map(({ aor }) => aor);
        expect(mine).toHaveLength(1);
        for (const aor of mine) {
          expect(lent.has(aor)).toBe(false);
          lent.add(aor);
        }
        const trace = await play(plan, lease, signal);
        for (const aor of mine) lent.delete(aor);
        return trace;
      },
    };
    const result = await runSuite(optionsFor(checking, { accounts: [account(1), account(2), account(3)] }));
    expect(result.cases).toHaveLength(43);
    expect(world.mostTogether()).toBe(3);
  });

  test("that are too few for one plan are a UsageError", async () => {
    await expect(
      runSuite(
        optionsFor(
          fakeWorld(() => ({})),
          { accounts: [] },
        ),
      ),
    ).rejects.toThrow(UsageError);
  });
});

/** Stands still until it is stepped. */
function steppedClock(): Clock & { step(ms: number): void } {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  return {
    epochMs: Date.parse("2026-11-20T12:00:00Z"),
    now: () => now,
    after(delayMs, callback) {
      const timer = { at: now + delayMs, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    step(ms) {
      now += ms;
      for (const timer of timers) {
        if (timer.at > now) continue;
        timers.delete(timer);
        timer.callback();
      }
    },
  };
}
