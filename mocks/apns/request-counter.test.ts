import { describe, expect, test } from "vitest";
import { requestCounter } from "./request-counter.ts";

describe("a request counter", () => {
  test("counts the pushes to each token within the window", () => {
    const counter = requestCounter({ count: 3, perMs: 100 });
    expect([0, 50, 99, 100, 150].map((nowMs) => counter.count("ab", nowMs))).toEqual([1, 2, 3, 3, 3]);
    expect(counter.count("cd", 150)).toBe(1);
  });

  test("counts no further than it needs to tell that there are too many", () => {
    const counter = requestCounter({ count: 2, perMs: 100 });
    expect(Array.from({ length: 5 }, () => counter.count("ab", 0))).toEqual([1, 2, 3, 3, 3]);
  });
});
