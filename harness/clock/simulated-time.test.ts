import { setTimeout as builtinSetTimeout } from "node:timers";
import * as fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { installSimulatedTime, type SimulatedTime } from "./simulated-time.ts";

let time: SimulatedTime | undefined;
afterEach(() => time?.uninstall());

function install(): SimulatedTime {
  time = installSimulatedTime(1_700_000_000_000);
  return time;
}

describe("in simulated time", () => {
  test("an hour of waiting takes no time, and every clock agrees on it", async () => {
    const { runUntil } = install();
    const seen = await runUntil(
      new Promise<readonly number[]>((resolve) => {
        setTimeout(() => resolve([performance.now(), Date.now(), new Date().getTime()]), 3_600_000);
      }),
    );
    expect(seen).toEqual([3_600_000, 1_700_003_600_000, 1_700_003_600_000]);
  });

  test("timers come in the order they are due, those due at once in the order they were set", async () => {
    const delays = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(delays, async (delaysMs) => {
        const { runUntil, uninstall } = install();
        const order: number[] = [];
        try {
          await runUntil(
            Promise.all(
              delaysMs.map(
                (delayMs, index) =>
                  new Promise<void>((resolve) => {
                    setTimeout(() => {
                      order.push(index);
                      resolve();
                    }, delayMs);
                  }),
              ),
            ),
          );
        } finally {
          uninstall();
        }
        const expected = delaysMs.map((_, index) => index).toSorted((a, b) => delaysMs[a]! - delaysMs[b]! || a - b);
        expect(order).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  test("what a promise leads to happens before the next timer", async () => {
    const { runUntil } = install();
    const order: string[] = [];
    await runUntil(
      new Promise<void>((resolve) => {
        setTimeout(() => void Promise.resolve().then(() => order.push("then")), 1);
        setTimeout(() => {
          order.push("timer");
          resolve();
        }, 1);
      }),
    );
    expect(order).toEqual(["then", "timer"]);
  });

  test("what a chain of ticks and promises leads to happens before the next timer", async () => {
    const { runUntil } = install();
    const order: string[] = [];
    const chain = async (length: number): Promise<void> => {
      for (let link = 1; link <= length; link += 1) await new Promise<void>((resolve) => process.nextTick(resolve));
      order.push("chain");
    };
    await runUntil(
      new Promise<void>((resolve) => {
        setTimeout(() => void chain(20), 1);
        setTimeout(() => {
          order.push("timer");
          resolve();
        }, 1);
      }),
    );
    expect(order).toEqual(["chain", "timer"]);
  });

  test("intervals go on until they are cleared, by themselves too, and cleared timers never come", async () => {
    const simulated = install();
    const at: number[] = [];
    await simulated.runUntil(
      new Promise<void>((resolve) => {
        const never = setTimeout(() => at.push(-1), 25);
        const interval = setInterval(() => {
          at.push(performance.now());
          if (at.length === 3) clearInterval(interval);
        }, 10);
        clearTimeout(Number(never));
        setTimeout(resolve, 100);
      }),
    );
    expect(at).toEqual([10, 20, 30]);
    expect(simulated.pending).toBe(0);
  });

  test("a timer can be put off, as Node's can", async () => {
    const { runUntil } = install();
    const at = await runUntil(
      new Promise<number>((resolve) => {
        const timer = setTimeout(() => resolve(performance.now()), 10);
        setTimeout(() => timer.refresh(), 7);
      }),
    );
    expect(at).toBe(17);
  });

  test("the timers of node:timers and AbortSignal.timeout are simulated too", async () => {
    const { runUntil } = install();
    const at = await runUntil(
      new Promise<readonly number[]>((resolve) => {
        builtinSetTimeout(() => {
          const before = performance.now();
          const signal = AbortSignal.timeout(500);
          signal.addEventListener("abort", () => resolve([before, performance.now()]));
        }, 60_000);
      }),
    );
    expect(at).toEqual([60_000, 60_500]);
  });

  test("a loop that waits for time to pass gets it passed", async () => {
    const { runUntil } = install();
    const at = await runUntil(
      new Promise<number>((resolve) => {
        const again = (): void => {
          if (Date.now() >= 1_700_000_000_003) resolve(performance.now());
          else setImmediate(again);
        };
        again();
      }),
    );
    expect(at).toBe(3);
  });

  test("it drains until nothing is left, or its patience is over, and timers that were known may stay", async () => {
    const simulated = install();
    const own = setInterval(() => {}, 7_000);
    const known = new Set(simulated.timers.keys());
    setTimeout(() => void setTimeout(() => {}, 32_000), 32_000);
    await simulated.drain(300_000, known);
    expect([...simulated.timers.values()]).toEqual([7_000]);
    expect(simulated.now()).toBe(64_000);
    const left = setTimeout(() => {}, 3_600_000);
    await simulated.drain(300_000, known);
    expect([...simulated.timers.values()]).toEqual([7_000, 3_600_000]);
    expect(simulated.now()).toBeLessThanOrEqual(364_000);
    clearInterval(own);
    clearTimeout(left);
  });

  test("waiting for what nothing can bring is an error, not for ever", async () => {
    const { runUntil } = install();
    await expect(runUntil(new Promise(() => {}))).rejects.toThrow("Nothing is left to happen");
  });

  test("the thread gets its own time back", () => {
    const before = [setTimeout, Date, performance.now()] as const;
    install().uninstall();
    expect([setTimeout, Date]).toEqual([before[0], before[1]]);
    expect(performance.now()).toBeGreaterThan(before[2]);
  });
});
