import * as fc from "fast-check";
import type { AndroidState, AppState, Phone, PhoneSettings } from "../../../harness/plan/plan.ts";
import { signallingOf } from "../../../harness/plan/signalling-of.ts";
import type { Features } from "../../../harness/trace/run-facts.ts";
import type { Platform } from "../../../harness/trace/trace-event.ts";

/** What tells one phone of a client target from another; its signalling follows from the app. */
export interface ClientPhoneParts {
  readonly platform: Platform;
  /** @default "suspended" */
  readonly app?: AppState;
  readonly android?: AndroidState;
  readonly settings?: PhoneSettings;
}

/** It has nothing in its `pushes`: in the client role steps send them. */
export function clientPhone(account: number, { platform, app = "suspended", ...rest }: ClientPhoneParts): Phone {
  return { platform, account, app, signalling: signallingOf[app], ...rest, pushes: [] };
}

/** How an Android phone lies there when its app is asleep; shrinks to awake and in good standing. */
const asleep: fc.Arbitrary<AndroidState | undefined> = fc.oneof(
  { withCrossShrink: true },
  { weight: 4, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.constant({ doze: true, deprioritised: false }) },
  { weight: 1, arbitrary: fc.constant({ doze: false, deprioritised: true }) },
);

/** What is set on a phone that changes what is seen, and not whether calls come; shrinks to nothing. */
const settings: Readonly<Record<Platform, fc.Arbitrary<PhoneSettings | undefined>>> = {
  ios: rarelySet({ osVersion: "26.4" }),
  android: rarelySet({ locked: false }, { fullScreenIntent: false }),
};

function rarelySet(...settings: readonly PhoneSettings[]): fc.Arbitrary<PhoneSettings | undefined> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 5, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(...settings) },
  );
}

/** A phone of that account with its app in one of these states, shrinking to the first. */
export function anyClientPhone(
  { platforms }: Pick<Features, "platforms">,
  account: number,
  apps: readonly AppState[],
): fc.Arbitrary<Phone> {
  return fc
    .record({
      settings: fc.record(settings),
      android: asleep,
      app: fc.constantFrom(...apps),
      platform: fc.constantFrom(...(platforms.length === 0 ? (["ios"] as const) : platforms)),
    })
    .map(({ settings, android, app, platform }) =>
      clientPhone(account, {
        platform,
        app,
        ...(platform === "android" && signallingOf[app] !== "connected" && android !== undefined ? { android } : {}),
        ...(settings[platform] === undefined ? {} : { settings: settings[platform] }),
      }),
    );
}
