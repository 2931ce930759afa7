import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerScript } from "./answer-script.ts";

const times = fc.integer({ min: 1, max: 4 });
const tokens = fc.constantFrom("0a", "0b", "any");

describe("scripted answers", () => {
  test("of a token are given in order and as often as was said, and then those for any", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ token: tokens, times }), { maxLength: 10 }), (scripted) => {
        const script = answerScript<number>();
        scripted.forEach(({ token, times }, answer) => script.add({ token, answer, times }));
        const due = (wanted: string) =>
          scripted.flatMap(({ token, times }, answer) =>
            token === wanted ? Array.from({ length: times }, () => answer) : [],
          );
        const expected = [...due("0a"), ...due("any")];
        expect(expected.map(() => script.take("0a"))).toEqual(expected);
        expect(script.take("0a")).toBeUndefined();
        expect(script.take(undefined)).toBeUndefined();
        expect(due("0b").map(() => script.take("0b"))).toEqual(due("0b"));
        expect(script.list()).toEqual([]);
      }),
    );
  });

  test("without a number stay until another one is added for the token", () => {
    const script = answerScript<string>();
    script.add({ token: "0a", answer: "first" });
    expect([script.take("0a"), script.take("0a"), script.take("0b")]).toEqual(["first", "first", undefined]);
    script.add({ token: "0a", answer: "second", times: 1 });
    script.add({ token: "0a", answer: "last" });
    expect([script.take("0a"), script.take("0a"), script.take("0a")]).toEqual(["second", "last", "last"]);
    script.clear();
    expect(script.take("0a")).toBeUndefined();
  });
});
