import type { AndroidNumbers } from "./android-numbers.ts";
import type { AndroidSettings } from "./android-settings.ts";

/** What becomes of an incoming call that an app tells Telecom of. */
export type TelecomAdmission =
  | { readonly kind: "taken"; readonly shownBy: "app" | "telecom" }
  | { readonly kind: "refused"; readonly why: string };

/** The calls the app has in Telecom. */
export interface OwnCalls {
  readonly live: number;
  readonly ringing: number;
}

/**
 * Whether Telecom takes an incoming call (`TelecomManager.isIncomingCallPermitted`; AOSP `CallsManager`): never during an
 * emergency call, not beyond the number of calls it keeps, and where another call cannot be held by the settings. The calls
 * of a managed ConnectionService are always on the system's own screen.
 */
export function admitIncomingCall(
  style: "self-managed" | "managed" | "core",
  calls: OwnCalls,
  { otherCall, whenUnholdable }: Pick<AndroidSettings, "otherCall" | "whenUnholdable">,
  { maxSelfManagedCalls, maxManagedRingingCalls }: AndroidNumbers,
): TelecomAdmission {
  const refused = (why: string): TelecomAdmission => ({ kind: "refused", why });
  if (otherCall === "emergency") return refused("there is an emergency call");
  if (style === "managed")
    return calls.ringing >= maxManagedRingingCalls
      ? refused(`${calls.ringing} managed calls ring already`)
      : { kind: "taken", shownBy: "telecom" };
  if (calls.live >= maxSelfManagedCalls) return refused(`the app has ${calls.live} calls already`);
  if (otherCall !== "unholdable") return { kind: "taken", shownBy: "app" };
  return whenUnholdable === "refuse" ? refused("another call cannot be held") : { kind: "taken", shownBy: "telecom" };
}
