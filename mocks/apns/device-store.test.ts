import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PushDelivery } from "../push/push-hooks.ts";
import { apnsDeviceStore } from "./device-store.ts";

const delivery = (change: Partial<PushDelivery> = {}): PushDelivery => ({
  payload: {},
  stored: true,
  slot: "com.example.phone.voip",
  priority: "high",
  expiresAtMs: 1000,
  ...change,
});

describe("the store of the simulated APNs", () => {
  test("hands a push over when its device is back, and forgets it", () => {
    const store = apnsDeviceStore<string>();
    expect(store.keep("ab", { push: "1", delivery: delivery() })).toEqual({ isKept: true });
    expect(store.release("ab", 1000).deliver).toEqual([{ push: "1", delivery: delivery() }]);
    expect(store.release("ab", 1000)).toEqual({ deliver: [], expired: [] });
  });

  test("keeps one push per topic and device, the newest", () => {
    const store = apnsDeviceStore<string>();
    store.keep("ab", { push: "1", delivery: delivery() });
    expect(store.keep("ab", { push: "2", delivery: delivery() })).toEqual({ isKept: true, replaced: "1" });
    expect(store.keep("cd", { push: "3", delivery: delivery() })).toEqual({ isKept: true });
    expect(store.keep("ab", { push: "4", delivery: delivery({ slot: "com.example.phone" }) })).toEqual({
      isKept: true,
    });
    expect(store.release("ab", 0).deliver.map(({ push }) => push)).toEqual(["2", "4"]);
  });

  test("throws away what has expired", () => {
    const store = apnsDeviceStore<string>();
    store.keep("ab", { push: "1", delivery: delivery({ slot: "a", expiresAtMs: 999 }) });
    store.keep("ab", { push: "2", delivery: delivery({ slot: "b" }) });
    const { deliver, expired } = store.release("ab", 1000);
    expect([deliver, expired].map((pushes) => pushes.map(({ push }) => push))).toEqual([["2"], ["1"]]);
  });

  test("keeps no push with expiration 0, unless it is to come late", () => {
    const once = { push: "1", delivery: { payload: {}, stored: false, slot: "a", priority: "high" } } as const;
    expect(apnsDeviceStore<string>().keep("ab", once)).toEqual({ isKept: false });
    const store = apnsDeviceStore<string>({ unstored: "late" });
    expect(store.keep("ab", once)).toEqual({ isKept: true });
    expect(store.release("ab", 1e15).deliver).toEqual([once]);
  });

  test("loses no push: each is replaced, delivered, expired or not kept, whatever comes", () => {
    const step = fc.oneof(
      fc.record({
        token: fc.constantFrom("ab", "cd"),
        slot: fc.constantFrom("a", "b"),
        stored: fc.boolean(),
        expiresAtMs: fc.nat(100),
      }),
      fc.record({ release: fc.constantFrom("ab", "cd"), nowMs: fc.nat(100) }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const store = apnsDeviceStore<number>();
        const ends: number[] = [];
        let kept = 0;
        for (const [push, one] of steps.entries()) {
          if ("release" in one) {
            const { deliver, expired } = store.release(one.release, one.nowMs);
            ends.push(...[...deliver, ...expired].map((entry) => entry.push));
            continue;
          }
          kept += 1;
          const { token, ...rest } = one;
          const result = store.keep(token, { push, delivery: { payload: {}, priority: "high", ...rest } });
          if (!result.isKept) ends.push(push);
          if (result.replaced !== undefined) ends.push(result.replaced);
        }
        for (const token of ["ab", "cd"]) ends.push(...store.release(token, 0).deliver.map((entry) => entry.push));
        expect(new Set(ends).size).toBe(ends.length);
        expect(ends).toHaveLength(kept);
      }),
    );
  });
});
