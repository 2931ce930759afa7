import type { Clock } from "../../../harness/clock/clock.ts";
import type { Plan } from "../../../harness/plan/plan.ts";
import type { Lease } from "../../../harness/run/world.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import type { CallRef } from "../../../harness/trace/trace-event.ts";
import type { CaseStage } from "../case-stage.ts";
import type { Personas } from "../identities.ts";
import type { ClientAdapter } from "./client-adapter.ts";
import type { ClientCall } from "./client-call.ts";
import type { ClientSip } from "./client-sip.ts";

/** What a client world lends to each of its cases. */
export interface ClientSurroundings {
  readonly facts: RunFacts;
  readonly clock: Clock;
  readonly lagMs: () => number;
  readonly sip: ClientSip;
  /** The name apps reach us by. */
  readonly host: string;
  readonly adapter: ClientAdapter;
  /** Lets one case at a time lease its devices, so that no two wait for each other's. */
  readonly inTurn: <T>(act: () => Promise<T>) => Promise<T>;
}

/** What the phones of one case share. */
export interface ClientCaseContext extends ClientSurroundings {
  readonly plan: Plan;
  readonly lease: Lease;
  readonly stage: CaseStage;
  readonly personas: Personas;
  readonly calls: ReadonlyMap<CallRef, ClientCall>;
}
