import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fcmDeviceStore } from "./device-store.ts";

const delivery = (
  change: { readonly slot?: string; readonly expiresAtMs?: number; readonly stored?: boolean } = {},
) => ({
  payload: {},
  stored: true,
  priority: "high" as const,
  ...change,
});

describe("what FCM stores for a device", () => {
  test("is handed over oldest first, without what has expired, and once", () => {
    const store = fcmDeviceStore<string>();
    store.keep("t", { push: "a", delivery: delivery({ expiresAtMs: 1000 }) });
    store.keep("t", { push: "b", delivery: delivery({ expiresAtMs: 1001 }) });
    store.keep("t", { push: "c", delivery: delivery() });

    const { deliver, expired } = store.release("t", 1000);
    expect(deliver.map(({ push }) => push)).toEqual(["b", "c"]);
    expect(expired.map(({ push }) => push)).toEqual(["a"]);
    expect(store.release("t", 1000)).toEqual({ deliver: [], expired: [] });
  });

  test("has nothing with a ttl of zero", () => {
    const store = fcmDeviceStore<string>();
    expect(store.keep("t", { push: "a", delivery: delivery({ stored: false }) })).toEqual({ isKept: false });
    expect(store.release("t", 0).deliver).toEqual([]);
  });

  test("has the newest message of a collapse key", () => {
    const store = fcmDeviceStore<string>();
    store.keep("t", { push: "a", delivery: delivery({ slot: "mail" }) });
    expect(store.keep("t", { push: "b", delivery: delivery({ slot: "mail" }) })).toEqual({
      isKept: true,
      replaced: "a",
    });
    expect(store.release("t", 0).deliver.map(({ push }) => push)).toEqual(["b"]);
  });

  test.each([
    ["the oldest key goes", undefined, ["b", "c", "d", "e"]],
    ["the new one may go as well", (keys: readonly string[]) => keys.length - 1, ["a", "b", "c", "d"]],
  ])("has four collapse keys at most: %s", (_what, chooseDropped, left) => {
    const store = fcmDeviceStore<string>(chooseDropped === undefined ? {} : { chooseDropped });
    const kept = ["a", "b", "c", "d", "e"].map((slot) => store.keep("t", { push: slot, delivery: delivery({ slot }) }));

    expect(kept.slice(0, 4).every(({ isKept, discarded }) => isKept && discarded === undefined)).toBe(true);
    expect(kept[4]?.isKept).toBe(left.includes("e"));
    expect(store.release("t", 0).deliver.map(({ push }) => push)).toEqual(left);
  });

  test("loses all messages without a collapse key when the hundred-and-first comes", () => {
    const store = fcmDeviceStore<number>();
    store.keep("t", { push: -1, delivery: delivery({ slot: "mail" }) });
    const kept = Array.from({ length: 101 }, (_, push) => store.keep("t", { push, delivery: delivery() }));

    expect(kept.slice(0, 100).every(({ isKept }) => isKept)).toBe(true);
    expect(kept[100]).toEqual({ isKept: false, discarded: Array.from({ length: 101 }, (_, push) => push) });
    expect(store.release("t", 0).deliver.map(({ push }) => push)).toEqual([-1]);
  });

  test("never loses a message without saying so", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            slot: fc.constantFrom(undefined, "a", "b", "c", "d", "e", "f"),
            token: fc.constantFrom("t", "u"),
          }),
          {
            maxLength: 250,
          },
        ),
        (messages) => {
          const store = fcmDeviceStore<number>();
          const lost = messages.flatMap(({ slot, token }, push) => {
            const kept = store.keep(token, { push, delivery: delivery(slot === undefined ? {} : { slot }) });
            return [...(kept.discarded ?? []), ...(kept.replaced === undefined ? [] : [kept.replaced])];
          });
          const left = ["t", "u"].flatMap((token) => store.release(token, 0).deliver.map(({ push }) => push));
          expect([...lost, ...left].sort((a, b) => a - b)).toEqual(messages.map((_, push) => push));
        },
      ),
      { numRuns: 50 },
    );
  });
});
