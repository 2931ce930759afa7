import type { WireNote } from "./http-exchange.ts";

const MINUTE_MS = 60_000;

/** Notes once that a client sends more PINGs within a minute than it may. Called with each of them, in monotonic milliseconds. */
export function pingGauge(perMinute: number, onNote: (note: WireNote) => void): (nowMs: number) => void {
  // When the last ones came, the oldest first.
  const times: number[] = [];
  let isNoted = false;
  return (nowMs) => {
    if (isNoted) return;
    times.push(nowMs);
    while (times[0]! <= nowMs - MINUTE_MS) times.shift();
    if (times.length <= perMinute) return;
    isNoted = true;
    times.length = 0;
    onNote({ kind: "ping-rate", detail: `more than ${perMinute} PINGs within a minute` });
  };
}
