import { createRequire, syncBuiltinESMExports } from "node:module";
import { timerQueue, type QueuedTimer } from "./timer-queue.ts";

/** The time of a thread as its code sees it, moved on from outside: nobody waits. */
export interface SimulatedTime {
  /** Simulated milliseconds since it was installed. */
  now(): number;
  /** Timers that are due some time; those of an interval count once. */
  readonly pending: number;
  /** What the pending timers were set for, in milliseconds, by a number that is theirs alone. */
  readonly timers: ReadonlyMap<number, number>;
  /**
   * Lets everything happen until the promise settles: all that is ready now, then the next timer, and so on.
   *
   * @throws Error when nothing is left that could settle it.
   */
  runUntil<T>(promise: Promise<T>): Promise<T>;
  /** Lets everything happen until no timer is left but those, or until `mostMs` have passed. */
  drain(mostMs: number, but: ReadonlySet<number>): Promise<void>;
  /** Gives the thread its own time back. */
  uninstall(): void;
}

/** As many rounds without anything to do are granted to what the operating system still owes an answer. */
const IDLE_ROUNDS = 200;
/** A turn of the event loop takes longer than most timers' callbacks: only every so many steps it has one. */
const STEPS_IN_A_TURN = 16;
/** So many callbacks within one instant are a loop that waits for time to pass; from then on each takes a millisecond. */
const CALLBACKS_AT_ONCE = 10_000;

/**
 * Replaces the timers of this thread, global and of `node:timers`, `AbortSignal.timeout`, `Date` and `performance.now`. Code that took them
 * before (`const { setTimeout } = globalThis`) keeps the real ones. `queueMicrotask`, promises and `process.nextTick` are as ever, the last of
 * them counted.
 */
export function installSimulatedTime(epochMs: number): SimulatedTime {
  const real = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    setInterval: globalThis.setInterval,
    clearInterval: globalThis.clearInterval,
    setImmediate: globalThis.setImmediate,
    clearImmediate: globalThis.clearImmediate,
    nextTick: process.nextTick.bind(process),
    Date: globalThis.Date,
    performanceNow: performance.now.bind(performance),
    abortAfter: AbortSignal.timeout.bind(AbortSignal),
  };
  const builtin = createRequire(import.meta.url)("node:timers") as Record<string, unknown>;
  const queue = timerQueue();
  let nowMs = 0;
  let callbacksNow = 0;
  let ticksWaiting = 0;
  let stepsInTurn = 0;

  function schedule(callback: Callback, delay: unknown, args: readonly unknown[], isInterval = false): SimulatedTimer {
    const delayMs = wholeDelay(delay);
    const run = args.length === 0 ? callback : (): void => void callback(...args);
    const queued = queue.add(nowMs + delayMs, delayMs, run, isInterval ? delayMs : undefined);
    return new SimulatedTimer(queued, run, queue, () => nowMs);
  }
  const clear = (timer: unknown): void => {
    if (timer instanceof SimulatedTimer) timer.close();
    else if (typeof timer === "number") queue.removeById(timer);
  };

  const patched = {
    setTimeout: (callback: Callback, delayMs?: unknown, ...args: unknown[]) => schedule(callback, delayMs, args),
    clearTimeout: clear,
    setInterval: (callback: Callback, delayMs?: unknown, ...args: unknown[]) => schedule(callback, delayMs, args, true),
    clearInterval: clear,
    setImmediate: (callback: Callback, ...args: unknown[]) => schedule(callback, undefined, args),
    clearImmediate: clear,
    Date: simulatedDate(real.Date, () => epochMs + nowMs),
  };
  const { Date: SimulatedDate, ...patchedTimers } = patched;
  Object.assign(globalThis, patchedTimers, { Date: SimulatedDate });
  Object.assign(builtin, patchedTimers);
  syncBuiltinESMExports();
  setPerformanceNow(() => nowMs);
  process.nextTick = (callback: Callback, ...args: unknown[]) => {
    ticksWaiting += 1;
    real.nextTick(() => {
      ticksWaiting -= 1;
      callback(...args);
    });
  };
  setAbortAfter((delayMs) => {
    const controller = new AbortController();
    const abort = (): void =>
      controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
    schedule(abort, delayMs, []);
    return controller.signal;
  });

  /** Everything that is ready: microtasks and ticks, and now and then what the event loop brings. */
  const settle = async (): Promise<void> => {
    stepsInTurn += 1;
    if (queue.size === 0 || stepsInTurn === STEPS_IN_A_TURN) {
      stepsInTurn = 0;
      await new Promise<void>((resolve) => void real.setImmediate(resolve));
      return;
    }
    // A tick comes when no microtask is left.
    const isQuiet = (): boolean => ticksWaiting === 0;
    do await new Promise<void>((resolve) => real.nextTick(resolve));
    while (!isQuiet());
  };

  /** The next timer, or false where there is none. */
  const step = (): boolean => {
    const next = queue.takeNext();
    if (next === undefined) return false;
    callbacksNow = next.atMs > nowMs ? 0 : callbacksNow + 1;
    nowMs = Math.max(nowMs, next.atMs);
    if (callbacksNow > CALLBACKS_AT_ONCE) nowMs += 1;
    try {
      next.callback();
    } catch (error) {
      // As Node has it: it is nobody's who set the timer, and nobody's who waits.
      queueMicrotask(() => {
        throw error;
      });
    }
    return true;
  };

  return {
    now: () => nowMs,
    get pending() {
      return queue.size;
    },
    get timers() {
      return queue.delays();
    },
    async runUntil(promise) {
      let isSettled = false;
      const settled = promise.then(
        () => void (isSettled = true),
        () => void (isSettled = true),
      );
      await settle();
      let idleRounds = 0;
      const isOver = (): boolean => isSettled;
      while (!isOver()) {
        if (step()) idleRounds = 0;
        else idleRounds += 1;
        if (idleRounds > IDLE_ROUNDS) throw new Error("Nothing is left to happen, and what was waited for has not.");
        await settle();
      }
      await settled;
      return await promise;
    },
    async drain(mostMs, but) {
      const untilMs = nowMs + mostMs;
      await settle();
      while (queue.nextAtMs <= untilMs && !queue.isWithin(but)) {
        step();
        await settle();
      }
    },
    uninstall() {
      const { performanceNow, abortAfter, nextTick, Date: RealDate, ...timers } = real;
      Object.assign(globalThis, timers, { Date: RealDate });
      Object.assign(builtin, timers);
      syncBuiltinESMExports();
      setPerformanceNow(performanceNow);
      setAbortAfter(abortAfter);
      process.nextTick = nextTick;
      queue.clear();
    },
  };
}

function setPerformanceNow(now: () => number): void {
  Object.defineProperty(performance, "now", { value: now, configurable: true, writable: true });
}

function setAbortAfter(timeout: (delayMs: number) => AbortSignal): void {
  Object.defineProperty(AbortSignal, "timeout", { value: timeout, configurable: true, writable: true });
}

type Callback = (...args: readonly unknown[]) => unknown;

/** As Node has it, anything but a number from 1 to 2^31 - 1 is 1; here that is at once, or loops of them would move time on. */
function wholeDelay(delay: unknown): number {
  const ms = Math.trunc(Number(delay ?? 0));
  return ms >= 1 && ms <= 2_147_483_647 ? ms : 0;
}

/** What Node's timers offer. Nothing keeps a thread alive in simulated time. */
class SimulatedTimer {
  #queued: QueuedTimer;
  readonly #callback: () => void;
  readonly #queue: ReturnType<typeof timerQueue>;
  readonly #now: () => number;

  constructor(queued: QueuedTimer, callback: () => void, queue: ReturnType<typeof timerQueue>, now: () => number) {
    this.#queued = queued;
    this.#callback = callback;
    this.#queue = queue;
    this.#now = now;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  refresh(): this {
    const { delayMs, everyMs } = this.#queued;
    this.#queue.remove(this.#queued);
    this.#queued = this.#queue.add(this.#now() + delayMs, delayMs, this.#callback, everyMs);
    return this;
  }

  close(): this {
    this.#queue.remove(this.#queued);
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.#queued.id;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function simulatedDate(RealDate: DateConstructor, now: () => number): DateConstructor {
  return new Proxy(RealDate, {
    construct: (target, args: readonly unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver) => (key === "now" ? now : (Reflect.get(target, key, receiver) as unknown)),
  });
}
