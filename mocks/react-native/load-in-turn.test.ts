import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { manualClock } from "../../harness/clock/testing/manual-clock.ts";
import { loadInTurn } from "./load-in-turn.ts";

test("apps are loaded one after the other, whatever becomes of one", async () => {
  const clock = manualClock(0);
  const steps: string[] = [];
  const load = (name: string, fails = false) =>
    loadInTurn(clock, async () => {
      steps.push(`${name} begins`);
      await turn();
      steps.push(`${name} ends`);
      if (fails) throw new TypeError("no such module");
    });
  const all = await Promise.allSettled([load("first"), load("second", true), load("third")]);
  expect(all.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(steps.join(", ")).toBe("first begins, first ends, second begins, second ends, third begins, third ends");
  expect(clock.pending()).toBe(0);
});

test("one that waits for something while it is loaded does not keep the others waiting for ever", async () => {
  const clock = manualClock(0);
  let finish = (): void => {};
  const slow = loadInTurn(clock, async () => await new Promise<void>((resolve) => (finish = resolve)));
  let isLoaded = false;
  const next = loadInTurn(clock, async () => void (isLoaded = true));
  await turn();
  expect(isLoaded).toBe(false);
  clock.advance(2_000);
  await next;
  finish();
  await slow;
  expect(isLoaded).toBe(true);
});
