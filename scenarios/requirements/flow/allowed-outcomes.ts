import type { Features } from "../../../harness/trace/run-facts.ts";

/** How a call ended for its caller. `cancelled`: it got 487 for its CANCEL. `none`: no final response. */
export type CallerOutcome = "answered" | "rejected" | "cancelled" | "none";

/**
 * How the same call ended at the account's phones: the first of these that holds for any of them. `unanswered`: a phone had the INVITE
 * and sent no final response.
 */
export type PhoneOutcome = "answered" | "declined" | "cancelled" | "unanswered" | "never-invited";

export interface AllowedOutcomes {
  readonly caller: CallerOutcome;
  readonly phones: readonly PhoneOutcome[];
  /** Only for targets that declare one of these; absent: any. */
  readonly progress?: readonly Features["progress"][];
  readonly fallback?: readonly Features["fallback"][];
  /** Only where the phone's 2xx and what ended the call for the caller crossed. */
  readonly crossed?: true;
}

/** Every pair of outcomes that may stand when a case is quiet. What is not here is a failure. */
export const allowedOutcomes: readonly AllowedOutcomes[] = [
  { caller: "answered", phones: ["answered"] },
  // The target answers first, or something other than the phones does.
  { caller: "answered", phones: ["declined", "cancelled", "unanswered", "never-invited"], progress: ["answers-first"] },
  { caller: "answered", phones: ["declined", "cancelled", "unanswered", "never-invited"], fallback: ["divert"] },
  { caller: "rejected", phones: ["declined", "cancelled", "unanswered", "never-invited"] },
  { caller: "cancelled", phones: ["declined", "cancelled", "unanswered", "never-invited"] },
  { caller: "rejected", phones: ["answered"], crossed: true },
  { caller: "cancelled", phones: ["answered"], crossed: true },
  // A call without any final response is judged where one is due.
  { caller: "none", phones: ["declined", "cancelled", "unanswered", "never-invited"] },
];
