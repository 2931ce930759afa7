import * as fc from "fast-check";
import type { Phone, PushHandling, SignallingState } from "../../harness/plan/plan.ts";
import type { Features } from "../../harness/trace/run-facts.ts";
import type { Transport } from "../../harness/trace/trace-event.ts";

/** Shrinks to the first transport the target declares. */
export function transport({ transports }: Features): fc.Arbitrary<Transport> {
  return fc.constantFrom<Transport>(...(transports.length === 0 ? (["udp"] as const) : transports));
}

/** A phone of that account in one of these states, shrinking to the first; its app is in a state that goes with it. */
export function phone(
  { platforms }: Features,
  account: number,
  states: readonly SignallingState[],
  pushes: fc.Arbitrary<readonly PushHandling[]> = fc.constant([]),
): fc.Arbitrary<Phone> {
  return fc
    .record({
      pushes,
      awayFromScreen: fc.boolean(),
      signalling: fc.constantFrom(...states),
      platform: fc.constantFrom(...(platforms.length === 0 ? (["ios"] as const) : platforms)),
    })
    .map(({ pushes, awayFromScreen, signalling, platform }): Phone => {
      const awake = signalling === "connected" || signalling === "half-dead";
      const app = awake ? (awayFromScreen ? "background" : "foreground") : awayFromScreen ? "killed" : "suspended";
      return { platform, account, app, signalling, pushes };
    });
}
