import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { pool } from "./pool.ts";

/** Lets other workers run a few turns. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}

describe("a pool", () => {
  test("does every piece of work once and never more than its size at once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 10 }), fc.array(fc.nat(10)), async (size, lengths) => {
        const queue = lengths.map((length, index) => ({ length, index }));
        const done: number[] = [];
        let underWay = 0;
        await pool(
          size,
          () => queue.shift(),
          async ({ length, index }) => {
            underWay += 1;
            expect(underWay).toBeLessThanOrEqual(size);
            await turns(length);
            underWay -= 1;
            done.push(index);
          },
        );
        expect(underWay).toBe(0);
        expect(done.toSorted((a, b) => a - b)).toEqual(lengths.map((_, index) => index));
      }),
    );
  });

  test("begins no more once one throws, waits for what is under way, and throws that error", async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const queue = [0, 1, 2, 3, 4, 5];
    const working = pool(
      2,
      () => queue.shift(),
      async (item) => {
        begun.push(item);
        await turns(item === 1 ? 2 : 10);
        if (item === 1) throw new RangeError("one");
        ended.push(item);
      },
    );
    await expect(working).rejects.toThrow("one");
    expect(begun).toEqual([0, 1]);
    expect(ended).toEqual([0]);
  });
});
