import type { Plan } from "../plan/plan.ts";
import type { RunFacts } from "./run-facts.ts";
import type { CaseId, TraceEvent } from "./trace-event.ts";

/** How a case ended. */
export type CaseEnd =
  /** Every call was final and the absence window after the last stimulus was seen whole. */
  | { readonly kind: "finished"; readonly atMs: number; readonly absenceFromMs: number }
  /** The hard cap came first: absence was not seen. */
  | { readonly kind: "capped"; readonly atMs: number; readonly why: string }
  | { readonly kind: "interrupted"; readonly atMs: number }
  | { readonly kind: "target-died"; readonly atMs: number; readonly how: string }
  | { readonly kind: "harness-fault"; readonly atMs: number; readonly message: string };

/** The ordered record of one case, or of the run itself (connections, target life, what no case claims). */
export interface Trace {
  readonly schema: "ringtrue.trace/1";
  readonly scope: "case" | "run";
  readonly case?: CaseId;
  readonly facts: RunFacts;
  readonly plan?: Plan;
  /** Who the roles of the plan were on the wire; absent in a run trace. */
  readonly identities?: CaseIdentities;
  readonly events: readonly TraceEvent[];
  readonly end: CaseEnd;
}

/** Made at play time: every case has its own subscribers, tokens and caller URIs. Facts of the wire, not of the target. */
export interface CaseIdentities {
  readonly phones: Readonly<Record<string, PhoneIdentity>>;
  readonly calls: Readonly<Record<string, CallIdentity>>;
}

export interface PhoneIdentity {
  /** `sip:user@domain` of the account the phone registers. */
  readonly aor: string;
  /** Every device token the phone had, oldest first. */
  readonly tokens: readonly string[];
  /** The pn-provider and pn-param (RFC 8599) it registers with: what a push must be addressed by. */
  readonly provider: string;
  readonly param: string;
}

export interface CallIdentity {
  /** The caller's address of record: what a call is followed by, since a B2BUA changes Call-IDs. */
  readonly callerUri: string;
  readonly callerName: string;
  readonly calleeAor: string;
  /** Call-ID of the caller's leg; client role: of the INVITE. */
  readonly callId: string;
  /** Client role: the keys that whole pushes of the call carry where the profile has a place for them. */
  readonly push?: { readonly callUUID: string; readonly callId: string; readonly hint: string };
}
