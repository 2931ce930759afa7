import type { CallEvent } from "../sip/outgoing-call.ts";

/** How far a call has come at its caller's side; "idle": not placed. */
export type CallerState = "idle" | "calling" | "answered" | "over";

/** A BYE of ours without a response keeps the case this long; the judges' limit is shorter. */
export const BYE_WAIT_MS = 2_500;

/** What a call is after that happened to it; undefined: what it was. */
export function callerStateAfter(event: CallEvent, hasHungUp: boolean): CallerState | undefined {
  switch (event.kind) {
    case "answered":
      if (event.fork) return undefined;
      // What was cancelled and answered all the same is hung up by itself.
      return hasHungUp ? "over" : "answered";
    case "rejected":
    case "failed":
    case "bye-received":
      return "over";
    case "trying":
    case "ringing":
    case "branch-rejected":
    case "request-received":
    case "response-received":
      return undefined;
  }
}
