import * as fc from "fast-check";
import { expect, test } from "vitest";
import { wrap } from "./wrap.ts";

test("lines are broken at spaces and no longer than asked for", () => {
  expect(wrap("the caller hangs up after the push", 16)).toEqual(["the caller hangs", "up after the", "push"]);
});

test("a command that is too long for a line stays in one piece", () => {
  expect(wrap("run npx-ringtrue-replay-something now", 10)).toEqual(["run", "npx-ringtrue-replay-something", "now"]);
});

test("no word is lost, and only lines of one word are too long", () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z]{1,12}$/u), { minLength: 1 }),
      fc.integer({ min: 1, max: 30 }),
      (words, width) => {
        const lines = wrap(words.join(" "), width);
        expect(lines.join(" ")).toBe(words.join(" "));
        for (const line of lines) expect(line.length <= width || !line.includes(" ")).toBe(true);
      },
    ),
  );
});
