import { describe, expect, test } from "vitest";
import { HarnessFault } from "../errors.ts";
import { fakeRequirement } from "../run/testing/fake-world.ts";
import { testFacts } from "../run/testing/test-facts.ts";
import type { Trace } from "../trace/trace.ts";
import { judgeTrace } from "./judge-trace.ts";

const trace: Trace = {
  schema: "ringtrue.trace/1",
  scope: "case",
  case: "one-1",
  facts: testFacts,
  events: [],
  end: { kind: "finished", atMs: 1, absenceFromMs: 0 },
};

describe("judging one trace", () => {
  test("credits no pass where the target did no work", () => {
    expect(judgeTrace(trace, [fakeRequirement("flow/a")])).toEqual({ "flow/a": { kind: "not-exercised" } });
  });

  test("asks the requirements of its scope and role that apply to its facts, and no others", () => {
    const requirements = [
      fakeRequirement("flow/a"),
      fakeRequirement("flow/of-the-run", { scope: "run" }),
      fakeRequirement("flow/of-clients", { role: "client" }),
      fakeRequirement("flow/of-b2buas", { applies: ({ features }) => features.kind === "b2bua" || "it is no b2bua" }),
    ];
    expect(Object.keys(judgeTrace(trace, requirements))).toEqual(["flow/a"]);
    expect(Object.keys(judgeTrace({ ...trace, scope: "run" }, requirements))).toEqual(["flow/of-the-run"]);
  });

  test("by a judge that throws is a harness fault naming the requirement and the case", () => {
    const broken = fakeRequirement("flow/broken", {
      judge() {
        throw new RangeError("no event 3");
      },
    });
    expect(() => judgeTrace(trace, [broken])).toThrow(HarnessFault);
    expect(() => judgeTrace(trace, [broken])).toThrow(/flow\/broken threw on the trace of case one-1: no event 3/);
  });
});
