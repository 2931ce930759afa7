import { describe, expect, test } from "vitest";
import { traceRecorder } from "./recorder.ts";
import type { EventInput, TraceRecorder } from "./recorder.ts";

function recorderAt(times: { now: number; lag: number }): TraceRecorder {
  return traceRecorder({ clock: { now: () => times.now }, lagMs: () => times.lag });
}

const suspended: EventInput = { kind: "app.suspended", from: "os", to: "phone", by: "world" };
const woken: EventInput = { kind: "app.woken", why: "push", from: "os", to: "phone", by: "world" };

describe("traceRecorder", () => {
  test("numbers events from 0 and stamps them with the clock", () => {
    const times = { now: 5, lag: 0 };
    const recorder = recorderAt(times);
    expect(recorder.record(suspended)).toEqual({ ...suspended, seq: 0, atMs: 5, lagMs: 0 });
    times.now = 9;
    recorder.record(woken);
    recorder.record({ ...woken, atMs: 7.5 });
    expect(recorder.events.map((event) => [event.seq, event.atMs])).toEqual([
      [0, 5],
      [1, 9],
      [2, 7.5],
    ]);
  });

  test("only what the target did carries the lag", () => {
    const recorder = recorderAt({ now: 100, lag: 30 });
    expect(recorder.record(suspended).lagMs).toBe(0);
    expect(recorder.record({ ...suspended, by: "target" }).lagMs).toBe(30);
  });

  test("listeners are told at once, and no more after they end it", () => {
    const recorder = recorderAt({ now: 0, lag: 0 });
    const seen: number[] = [];
    const end = recorder.onEvent((event) => seen.push(event.seq));
    recorder.record(suspended);
    expect(seen).toEqual([0]);
    end();
    recorder.record(suspended);
    expect(seen).toEqual([0]);
  });

  test("what a listener records is stored at once and told to all in order", () => {
    const recorder = recorderAt({ now: 0, lag: 0 });
    const first: number[] = [];
    const second: number[] = [];
    const inside: unknown[] = [];
    recorder.onEvent((event) => {
      first.push(event.seq);
      if (event.seq !== 0) return;
      inside.push(recorder.record(woken).seq, recorder.record(woken).seq, recorder.events.length, [...first]);
    });
    recorder.onEvent((event) => second.push(event.seq));
    recorder.record(suspended);
    expect(inside).toEqual([1, 2, 3, [0]]);
    expect(first).toEqual([0, 1, 2]);
    expect(second).toEqual([0, 1, 2]);
  });

  test("a listener that throws keeps no other from being told, and the error is not swallowed", () => {
    const recorder = recorderAt({ now: 0, lag: 0 });
    const seen: number[] = [];
    recorder.onEvent((event) => {
      if (event.seq === 0) throw new Error("broken listener");
    });
    recorder.onEvent((event) => seen.push(event.seq));
    expect(() => recorder.record(suspended)).toThrow("broken listener");
    recorder.record(woken);
    expect(seen).toEqual([0, 1]);
  });

  test("one function may listen twice, each ended by its own", () => {
    const recorder = recorderAt({ now: 0, lag: 0 });
    let told = 0;
    const listener = (): void => {
      told += 1;
    };
    const end = recorder.onEvent(listener);
    recorder.onEvent(listener);
    recorder.record(suspended);
    end();
    recorder.record(suspended);
    expect(told).toBe(3);
  });
});
