import type { CallRef, PhoneOsEvent } from "../../harness/trace/trace-event.ts";

/** Puts an event into the trace; `call` is set for the ringing ones. */
export type EmitOsEvent = (event: PhoneOsEvent, call?: CallRef) => void;

export type PushPriority = "high" | "normal";

/** What becomes of a push that could reach the phone now. */
export type Admission =
  /** The app gets it. `priority` is what it is delivered as, where the system has such a notion. */
  | { readonly kind: "now"; readonly priority?: PushPriority }
  /** It waits, at most `forMs`, and is then delivered with that priority. */
  | { readonly kind: "held"; readonly why: string; readonly forMs: number; readonly priority: PushPriority };

/** As much of a phone's operating system as a server can notice: which token the app has, whether it runs, for which calls it rings. */
export interface PhoneOs {
  readonly running: boolean;
  readonly token: string;
  issueToken(token: string): void;
  /** What power management does with a push sent with that priority. */
  admit(priority: PushPriority): Admission;
  wake(why: "push" | "user" | "network"): void;
  suspend(): void;
  terminate(why: string): void;
  /** Rings; a call that already rings shows nothing new. */
  showCall(call: CallRef, why: "push" | "invite"): void;
  endCall(call: CallRef, why: string): void;
  showsCall(call: CallRef): boolean;
}
