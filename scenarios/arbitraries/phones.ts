import * as fc from "fast-check";
import type { AndroidState, Phone, SignallingState } from "../../harness/plan/plan.ts";
import type { Features } from "../../harness/trace/run-facts.ts";
import type { Transport } from "../../harness/trace/trace-event.ts";
import { handlingOn, type AnyHandling } from "./refusals.ts";

/** Shrinks to the first transport the target declares. */
export function transport({ transports }: Features): fc.Arbitrary<Transport> {
  return fc.constantFrom<Transport>(...(transports.length === 0 ? (["udp"] as const) : transports));
}

/**
 * How an Android phone lies there; shrinks to awake and in good standing. Both at once, what is sent as high waits until somebody
 * picks the phone up.
 */
const androidState: fc.Arbitrary<AndroidState | undefined> = fc.oneof(
  { withCrossShrink: true },
  { weight: 5, arbitrary: fc.constant(undefined) },
  { weight: 3, arbitrary: fc.constant({ doze: true, deprioritised: false }) },
  { weight: 1, arbitrary: fc.boolean().map((doze) => ({ doze, deprioritised: true })) },
);

/** A phone of that account in one of these states, shrinking to the first; its app is in a state that goes with it. */
export function phone(
  { platforms }: Features,
  account: number,
  states: readonly SignallingState[],
  pushes: fc.Arbitrary<readonly AnyHandling[]> = fc.constant([]),
): fc.Arbitrary<Phone> {
  return fc
    .record({
      pushes,
      asleep: androidState,
      awayFromScreen: fc.boolean(),
      signalling: fc.constantFrom(...states),
      platform: fc.constantFrom(...(platforms.length === 0 ? (["ios"] as const) : platforms)),
    })
    .map(({ pushes, asleep, awayFromScreen, signalling, platform }): Phone => {
      const awake = signalling === "connected" || signalling === "half-dead";
      const app = awake ? (awayFromScreen ? "background" : "foreground") : awayFromScreen ? "killed" : "suspended";
      const android = platform === "android" && !awake && asleep !== undefined ? { android: asleep } : {};
      const handlings = pushes.map((handling) => handlingOn(platform, handling));
      return { platform, account, app, signalling, ...android, pushes: handlings };
    });
}
