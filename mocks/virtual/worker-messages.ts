import type { Plan } from "../../harness/plan/plan.ts";
import type { Lease, WorldFacts } from "../../harness/run/world.ts";
import type { TargetExit } from "../../harness/targets/target-definition.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { CaseEnd, Trace } from "../../harness/trace/trace.ts";
import type { PackedTrace } from "./packed-trace.ts";
import type { ClientWorldOptions, OwnFacts } from "../world/client/client-world.ts";

/** What a thread needs to make its world. */
export interface WorkerStart {
  /** URL of the app's file, and what of it makes the app. */
  readonly module: string;
  readonly export: string;
  readonly epochMs: number;
  /** URL of a module with `requirements` and `ownFaults`: the thread judges what it plays. @default it only plays */
  readonly judges?: string;
  readonly world: Pick<
    ClientWorldOptions,
    "directory" | "domain" | "transports" | "media" | "profile" | "digest" | "appId" | "harness"
  >;
  /** Without what the world itself knows. */
  readonly facts: Omit<RunFacts, keyof OwnFacts | "app">;
}

export type ToWorker =
  | { readonly kind: "play"; readonly id: number; readonly plan: Plan; readonly lease: Lease }
  | { readonly kind: "abort"; readonly id: number }
  | { readonly kind: "close" };

export type FromWorker =
  /** The app runs and was probed. */
  | {
      readonly kind: "ready";
      readonly runFacts: RunFacts;
      readonly worldFacts: Omit<WorldFacts, "file" | "port">;
      /** Devices launched at once, at most. */
      readonly cases: number;
    }
  /** It does not, or that case could not be played: `fault` says whose fault that is. */
  | {
      readonly kind: "failed";
      readonly id?: number;
      readonly fault: "target" | "user" | "harness";
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: "played"; readonly id: number; readonly trace: PackedTrace }
  /** As `JudgedPlay`; the verdicts are JSON, which crosses to another thread in a fraction of the time that objects take. */
  | {
      readonly kind: "judged";
      readonly id: number;
      readonly end: CaseEnd;
      readonly verdicts: string;
      readonly trace?: PackedTrace;
    }
  /** The app threw where nobody catches. The thread plays nothing any more. */
  | { readonly kind: "died"; readonly exit: TargetExit }
  | { readonly kind: "log"; readonly line: string }
  | { readonly kind: "closed"; readonly trace: Trace };
