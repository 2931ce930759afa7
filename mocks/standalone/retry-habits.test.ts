import { fc } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { retryHabits } from "./retry-habits.ts";

const refused = { token: "0a", body: "{}", status: 503 };

describe("retries in the log of a simulated push service", () => {
  test("are a finding once the same push comes for the third time more", () => {
    const habits = retryHabits();
    const found = Array.from({ length: 6 }, () => habits.answered(refused)?.mismatch);
    expect(found).toEqual([undefined, undefined, undefined, "retry-storm", undefined, undefined]);
  });

  test("are no finding when the second succeeds, or the push is another one", () => {
    const habits = retryHabits();
    const found = [503, 429, 200, 503, 429, 200].map((status) => habits.answered({ ...refused, status }));
    const others = ["1", "2", "3", "4"].map((body) => habits.answered({ ...refused, body }));
    expect([...found, ...others].every((finding) => finding === undefined)).toBe(true);
  });

  test("start anew when the log was cleared", () => {
    const habits = retryHabits();
    for (const _ of [1, 2, 3]) habits.answered(refused);
    habits.clear();
    expect(habits.answered(refused)).toBeUndefined();
  });

  test("are no finding after what is no 429 or 5xx", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(200, 400, 403, 404, 410, 413), { maxLength: 10 }), (statuses) => {
        const habits = retryHabits();
        expect(statuses.map((status) => habits.answered({ ...refused, status })).filter(Boolean)).toEqual([]);
      }),
    );
  });
});
