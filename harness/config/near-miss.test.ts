import { describe, expect, test } from "vitest";
import { nearMiss } from "./near-miss.ts";

describe("a misspelt word", () => {
  test.each([
    ["rnus", "runs"],
    ["caler-hangup", "caller-hangup"],
    ["STRICT", "strict"],
    ["sed", "seed"],
  ])("%s is taken for %s", (word, meant) => {
    expect(nearMiss(word, ["runs", "seed", "strict", "caller-hangup"])).toBe(meant);
  });

  test("that is like none is taken for none", () => {
    expect(nearMiss("zebra", ["runs", "seed", "strict"])).toBeUndefined();
    expect(nearMiss("zebra", [])).toBeUndefined();
  });
});
