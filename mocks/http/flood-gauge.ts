import { FLAG, FRAME } from "./frame.ts";

/** Says that a client floods its connection, and with what. */
export interface FloodGauge {
  /** Tells the time, in monotonic milliseconds. */
  tick(nowMs: number): void;
  /** Why the frame is one too many, in words. */
  count(type: number, flags: number, length: number): string | undefined;
}

const WINDOW_MS = 10_000;
/** Of one kind of frame that asks for work and brings no request. */
const FRAMES_PER_WINDOW = 1000;
/** Kinds that go along with requests may come so many times more often with each. */
const FRAMES_PER_REQUEST = 4;

const NAMES: readonly (string | undefined)[] = [
  "empty DATA",
  undefined,
  "PRIORITY",
  "RST_STREAM",
  "SETTINGS",
  "PUSH_PROMISE",
  "PING",
  "GOAWAY",
  "WINDOW_UPDATE",
  "CONTINUATION",
];
const UNKNOWN = NAMES.length;

/**
 * Counts the frames with which a client can keep a server busy for nothing (RFC 9113 section 10.5). Clients in use stay far
 * below: they send a WINDOW_UPDATE or an empty DATA frame with a request, PINGs and SETTINGS a few times an hour, and
 * RST_STREAM when they give up what they have under way.
 */
export function floodGauge(): FloodGauge {
  const counts = new Uint32Array(UNKNOWN + 1);
  let requests = 0;
  let windowMs = 0;
  return {
    tick(nowMs) {
      if (nowMs - windowMs < WINDOW_MS) return;
      windowMs = nowMs;
      requests = 0;
      counts.fill(0);
    },
    count(type, flags, length) {
      if (type === FRAME.headers) requests += 1;
      if (type === FRAME.headers || (type === FRAME.data && length > 0)) return undefined;
      if (type === FRAME.data && (flags & FLAG.endStream) !== 0) return undefined;
      const kind = Math.min(type, UNKNOWN);
      const count = (counts[kind] ?? 0) + 1;
      counts[kind] = count;
      const isOfConnection = type === FRAME.ping || type === FRAME.settings || type === FRAME.resetStream;
      if (count <= FRAMES_PER_WINDOW + (isOfConnection ? 0 : FRAMES_PER_REQUEST * requests)) return undefined;
      return `${count} ${NAMES[kind] ?? "unknown"} frames within ${WINDOW_MS / 1000} s`;
    },
  };
}
