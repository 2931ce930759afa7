import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { liveClock } from "../clock/clock.ts";
import { UsageError } from "../errors.ts";
import type { Plan } from "../plan/plan.ts";
import { counterexampleDirectory } from "./run-directory.ts";
import { rejudge } from "./rejudge.ts";
import { parseReplayFile } from "./replay-file.ts";
import { replayCounterexample, type ReplayOutcome } from "./replay.ts";
import type { CaseResult, RunResult } from "./run-result.ts";
import { runSuite } from "./run-suite.ts";
import { decodeCases } from "./stored-case.ts";
import { storedResult } from "./stored-result.ts";
import { writeStoredRun } from "./stored-run.ts";
import { type Behaviour, fakePlan, fakeRequirement, fakeScenario, fakeWorld } from "./testing/fake-world.ts";

const requirements = [
  fakeRequirement("flow/a"),
  fakeRequirement("flow/b"),
  fakeRequirement("apns/run", { scope: "run" }),
];
const isMarked = (plan: Plan): boolean => plan.steps.some(({ delayMs }) => delayMs === 800);
const broken = (plan: Plan): Behaviour => (isMarked(plan) ? { fails: { "flow/a": "content" } } : {});

async function run(behave: (plan: Plan) => Behaviour, keepAll = false): Promise<RunResult> {
  const world = fakeWorld(behave);
  return await runSuite({
    world,
    target: world.target,
    requirements,
    scenarios: [fakeScenario("one", ["flow/a", "flow/b"])],
    suite: { runs: 20, seed: 7, concurrency: 8, strict: false },
    partial: false,
    expectedFailures: [],
    ownFaults: () => [],
    nonce: "n1",
    keepAll,
    clock: liveClock(),
    signal: new AbortController().signal,
    onEvent: () => {},
  });
}

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ringtrue-run-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("a stored run", () => {
  test("has every case in one file, and a directory for each that is worth evidence", async () => {
    const result = await run(broken);
    await writeStoredRun(directory, result);
    expect(readdirSync(directory).toSorted()).toEqual(["cases", "cases.ndjson", "counterexamples", "run"]);
    const cases = decodeCases(readFileSync(join(directory, "cases.ndjson"), "utf8"), "cases.ndjson");
    expect(cases).toEqual(result.cases.map((one) => ({ ...one, trace: undefined })));
    const kept = result.cases.filter(({ trace }) => trace !== undefined).map(({ id }) => id);
    expect(kept.length).toBeLessThan(cases.length);
    expect(readdirSync(join(directory, "cases")).toSorted()).toEqual(kept.toSorted());
    for (const id of kept)
      expect(readdirSync(join(directory, "cases", id)).toSorted()).toEqual([
        "plan.json",
        "replay.json",
        "trace.ndjson",
        "verdicts.json",
      ]);
    expect(readdirSync(join(directory, "counterexamples"))).toEqual(["flow-a"]);
  });

  test("replaces the one that lay there, and leaves what others wrote", async () => {
    writeFileSync(join(directory, "index.html"), "report");
    await writeStoredRun(directory, await run(broken, true));
    await writeStoredRun(directory, await run(() => ({})));
    expect(readdirSync(directory)).toContain("index.html");
    expect(readdirSync(directory)).not.toContain("counterexamples");
    expect(readdirSync(join(directory, "cases"))).toHaveLength(1);
  });

  test("comes back whole, and takes new verdicts in place of its own", async () => {
    const result = await run(broken);
    await writeStoredRun(directory, result);
    expect(await storedResult(directory)).toEqual(result);
    const again = await rejudge(directory, requirements);
    expect(await storedResult(directory, again)).toEqual(result);
    const emptied = { ...again, cases: [] };
    expect((await storedResult(directory, emptied)).cases).toEqual([]);
  });

  test("holds no secret, in no file", async () => {
    const secret = "hunter2-hunter2";
    const result = await run(broken);
    const [first] = result.cases;
    const spoiled = {
      ...result,
      cases: [{ ...(first as CaseResult), verdicts: { "flow/a": { kind: "inconclusive" as const, why: secret } } }],
      error: secret,
    };
    await writeStoredRun(directory, spoiled, [secret]);
    const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect(readFileSync(join(file.parentPath, file.name), "utf8")).not.toContain(secret);
  });

  test("whose result is gone, damaged or of another version is a UsageError", async () => {
    await expect(storedResult(directory)).rejects.toThrow(UsageError);
    await writeStoredRun(directory, await run(broken));
    for (const text of ["{", '{"schema":"ringtrue.run/2"}']) {
      writeFileSync(join(directory, "run", "result.json"), text);
      await expect(storedResult(directory)).rejects.toThrow(UsageError);
    }
  });

  test("judged again gives the same verdicts, and says how many traces there were", async () => {
    const result = await run(broken);
    await writeStoredRun(directory, result);
    const again = await rejudge(directory, requirements);
    expect(again.changed).toEqual([]);
    expect(again.of).toBe(20);
    expect(again.judged).toBe(result.cases.filter(({ trace }) => trace !== undefined).length);
    expect(again.cases.map(({ verdicts }) => verdicts)).toEqual(result.cases.map(({ verdicts }) => verdicts));
    expect(again.runScope).toEqual(result.runScope);
    expect(again.facts).toEqual(result.facts);
  });

  test("judged by a newer catalogue says what changed", async () => {
    await writeStoredRun(directory, await run(broken));
    const newer = requirements.map((one) =>
      one.id === "flow/a" ? { ...one, judge: () => ({ kind: "not-exercised" }) as const } : one,
    );
    const { changed } = await rejudge(directory, newer);
    expect(changed.some(({ before, after }) => before?.kind === "fail" && after?.kind === "not-exercised")).toBe(true);
    expect(new Set(changed.map(({ requirement }) => requirement))).toEqual(new Set(["flow/a"]));
  });

  test("judged again does not make a fail of a deadline that was not shown alone", async () => {
    const world = fakeWorld((_, { attempt }) => (attempt === 1 ? { fails: { "flow/b": "deadline" } } : {}));
    const result = await runSuite({
      world,
      target: world.target,
      requirements,
      scenarios: [fakeScenario("one", ["flow/b"])],
      suite: { runs: 3, seed: 7, concurrency: 1, strict: false },
      partial: false,
      expectedFailures: [],
      ownFaults: () => [],
      nonce: "n1",
      clock: liveClock(),
      signal: new AbortController().signal,
      onEvent: () => {},
    });
    await writeStoredRun(directory, result);
    const again = await rejudge(directory, requirements);
    expect(again.cases.map(({ verdicts }) => verdicts["flow/b"]?.kind)).toEqual([
      "inconclusive",
      "inconclusive",
      "inconclusive",
    ]);
  });

  test("that is none, or is cut off, is a UsageError naming the file", async () => {
    await expect(rejudge(directory, requirements)).rejects.toThrow(UsageError);
    await writeStoredRun(directory, await run(broken));
    const file = join(directory, "cases.ndjson");
    writeFileSync(file, readFileSync(file, "utf8").slice(0, -10));
    await expect(rejudge(directory, requirements)).rejects.toThrow(/cases\.ndjson is truncated/);
  });

  test.each(["{", "{}", '{"id":"../../etc","scenario":"one","plan":{},"verdicts":{},"end":{}}'])(
    "with the line %s is a UsageError naming file and line",
    (line) => {
      expect(() => decodeCases(`${line}\n`, "cases.ndjson")).toThrow(UsageError);
      expect(() => decodeCases(`${line}\n`, "cases.ndjson")).toThrow(/cases\.ndjson:1/);
    },
  );
});

describe("a counterexample played again", () => {
  async function replayed(
    behave: (plan: Plan) => Behaviour,
    rest: { readonly requirements?: typeof requirements; readonly signal?: AbortSignal } = {},
  ): Promise<ReplayOutcome> {
    const result = await run(broken);
    await writeStoredRun(directory, result);
    const [counterexample] = result.counterexamples;
    const file = join(counterexampleDirectory(directory, counterexample ?? { requirement: "flow/a" }), "replay.json");
    const replay = parseReplayFile(readFileSync(file, "utf8"), file);
    expect(replay.plan).toEqual(counterexample?.plan);
    const world = fakeWorld(behave);
    const { outcome } = await replayCounterexample(replay, {
      world,
      target: world.target,
      requirements,
      ownFaults: () => [],
      nonce: "n2",
      clock: liveClock(),
      signal: new AbortController().signal,
      onEvent: () => {},
      ...rest,
    });
    return outcome;
  }

  test("is still failing when it fails for the same reason, be it only once", async () => {
    expect(await replayed(broken)).toBe("still-failing");
    let plays = 0;
    expect(await replayed((plan) => (++plays === 2 ? broken(plan) : {}))).toBe("still-failing");
  });

  test("is fixed when it passes and nothing else fails", async () => {
    expect(await replayed(() => ({}))).toBe("fixed");
  });

  test("is different when another requirement fails", async () => {
    expect(await replayed(() => ({ fails: { "flow/b": "content" } }))).toBe("different");
  });

  test("is different by a deadline only when it is missed twice", async () => {
    expect(await replayed(() => ({ fails: { "flow/b": "deadline" } }))).toBe("different");
    let plays = 0;
    expect(await replayed(() => (++plays === 2 ? { fails: { "flow/b": "deadline" } } : {}))).not.toBe("different");
  });

  test("is not fixed when it was interrupted", async () => {
    const abort = new AbortController();
    const interrupted = (): Behaviour => {
      abort.abort();
      return {};
    };
    expect(await replayed(interrupted, { signal: abort.signal })).toBe("inconclusive");
  });

  test("is inconclusive when nothing could be told", async () => {
    expect(await replayed(() => ({ inconclusive: ["flow/a"] }))).toBe("inconclusive");
    expect(await replayed(() => ({ end: "harness-fault" }))).toBe("inconclusive");
  });

  test("of a requirement that is unknown or does not apply is a UsageError", async () => {
    await expect(replayed(broken, { requirements: [] })).rejects.toThrow(UsageError);
    await expect(
      replayed(broken, { requirements: [fakeRequirement("flow/a", { applies: () => "no video" })] }),
    ).rejects.toThrow(/no video/);
  });

  test.each([
    "",
    "[]",
    "{}",
    '{"schema":"ringtrue.replay/1"}',
    JSON.stringify({ schema: "ringtrue.replay/1", requirement: "flow/a", facts: {}, plan: {} }),
  ])("from the text %j is a UsageError naming the file", (text) => {
    expect(() => parseReplayFile(text, "replay.json")).toThrow(UsageError);
    expect(() => parseReplayFile(text, "replay.json")).toThrow(/replay\.json/);
  });

  test("needs no more than the plan and the requirement", () => {
    const text = JSON.stringify({
      schema: "ringtrue.replay/1",
      requirement: "flow/a",
      facts: {},
      plan: fakePlan("one", [0]),
    });
    expect(parseReplayFile(text, "replay.json")).toMatchObject({ requirement: "flow/a", seed: 0, path: "" });
  });
});
