import type { AppState, SignallingState } from "./plan.ts";

/** Client role: how the signalling of a registered app is, by what the app is. */
export const signallingOf: Readonly<Record<AppState, SignallingState>> = {
  foreground: "connected",
  background: "connected",
  suspended: "silent",
  killed: "closed",
};
