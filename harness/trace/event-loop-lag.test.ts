import { afterEach, describe, expect, test } from "vitest";
import { eventLoopLag } from "./event-loop-lag.ts";
import type { EventLoopLag } from "./event-loop-lag.ts";

let lag: EventLoopLag | undefined;

afterEach(() => {
  lag?.close();
  lag = undefined;
});

function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe("eventLoopLag", () => {
  test("a loop that is held up shows at once and stays the worst", () => {
    lag = eventLoopLag();
    block(80);
    expect(lag.currentMs()).toBeGreaterThanOrEqual(79);
    expect(lag.worstMs()).toBeGreaterThanOrEqual(70);
  });

  test("bytes read right after the block are still as old as it was long", async () => {
    const measured = eventLoopLag();
    lag = measured;
    // Timers run before the sockets are read, so by then the watching timer has ticked again.
    const seen = new Promise<number>((resolve) => {
      setTimeout(() => setImmediate(() => resolve(measured.currentMs())), 1);
    });
    block(80);
    expect(await seen).toBeGreaterThanOrEqual(70);
  });

  test("once the loop turns again the lag falls below what it was", async () => {
    const measured = eventLoopLag();
    lag = measured;
    block(200);
    const blocked = measured.currentMs();
    const deadline = performance.now() + 5000;
    while (measured.currentMs() > blocked / 2 && performance.now() < deadline) {
      await new Promise<void>((resolve) => {
        setTimeout(resolve, 1);
      });
    }
    expect(measured.currentMs()).toBeLessThanOrEqual(blocked / 2);
    expect(measured.worstMs()).toBeGreaterThanOrEqual(blocked / 2);
  });
});
