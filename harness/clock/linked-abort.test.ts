import { getEventListeners, once } from "node:events";
import { describe, expect, test } from "vitest";
import { linkedAbort } from "./linked-abort.ts";

describe("a linked abort", () => {
  test("follows the first of its signals, also one that was aborted before", () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const linked = linkedAbort([one.signal, other.signal]);
    expect(linked.signal.aborted).toBe(false);
    other.abort();
    expect(linked.signal.aborted).toBe(true);
    expect(linkedAbort([one.signal, other.signal]).signal.aborted).toBe(true);
    expect(one.signal.aborted).toBe(false);
  });

  test("aborts when its time is over, with nobody holding on to it", async () => {
    // Garbage between now and then is what a composite of signals does not survive.
    const { signal } = linkedAbort([new AbortController().signal], 30);
    const aborted = once(signal, "abort");
    for (let i = 0; i < 200; i += 1) Array.from({ length: 10_000 }, (_, n) => ({ n }));
    await aborted;
    expect(signal.aborted).toBe(true);
  });

  test("lets go of its signals and its timer once it is released", () => {
    const one = new AbortController();
    const linked = linkedAbort([one.signal], 1);
    expect(getEventListeners(one.signal, "abort")).toHaveLength(1);
    linked.release();
    expect(getEventListeners(one.signal, "abort")).toHaveLength(0);
    one.abort();
    expect(linked.signal.aborted).toBe(false);
  });
});
