import { describe, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { testWorldFacts } from "../run/testing/test-facts.ts";
import { madeFromWorld, oneOrMoreTexts, readiness, textByName, texts } from "./made-from-world.ts";

const world = testWorldFacts("/nowhere");

describe("a value made from the world", () => {
  test("is the value itself, or what the function of the world returns", () => {
    expect(madeFromWorld(["-v"], world, "args", texts)).toEqual(["-v"]);
    expect(madeFromWorld(({ directory }) => [directory], world, "args", texts)).toEqual(["/nowhere"]);
    expect(madeFromWorld(() => "udp:[::1]:5060", world, "address", oneOrMoreTexts)).toBe("udp:[::1]:5060");
    expect(madeFromWorld(() => ({ A: "1" }), world, "env", textByName)).toEqual({ A: "1" });
    expect(madeFromWorld(() => ({ log: /up/ }), world, "ready", readiness)).toEqual({ log: /up/ });
  });

  test.each([
    [texts, "-v"],
    [texts, [1]],
    [texts, undefined],
    [oneOrMoreTexts, []],
    [textByName, { A: 1 }],
    [textByName, ["A"]],
    [readiness, {}],
    [readiness, { tcp: "a:1", log: "up" }],
    [readiness, null],
  ])("that is not %o but %j is a UsageError naming the field", (shape, made) => {
    const make = (): unknown => madeFromWorld<unknown>(() => made, world, "target.start.x", shape);
    expect(make).toThrow(UsageError);
    expect(make).toThrow(`target.start.x must return ${shape.words}, not `);
  });

  test("by a function that throws is a UsageError with its message, and its own UsageError as it is", () => {
    const throwing = (error: Error) => (): unknown =>
      madeFromWorld<unknown>(
        () => {
          throw error;
        },
        world,
        "target.start.x",
        texts,
      );
    expect(throwing(new TypeError("no licence"))).toThrow(
      new UsageError("config-threw", "target.start.x threw: no licence"),
    );
    expect(throwing(new UsageError("x", "too many ports"))).toThrow(/^too many ports$/);
  });
});
