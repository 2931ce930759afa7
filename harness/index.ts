/** The public door of the package: what a config file needs, and the types of what RingTrue finds. */
export { defineConfig } from "./config/define-config.ts";
export { generatedSubscribers, subscriberPool, type Subscribers } from "./config/subscribers.ts";
export { processTarget } from "./targets/process-target.ts";
export { moduleTarget } from "./targets/module-target.ts";
export { remoteTarget } from "./targets/remote-target.ts";
export type { Config, ProfileInput, ReportFormat, SuiteConfig, TargetConfig, WorldConfig } from "./config/config.ts";
export type { App, AppHost, CreateApp, LinkMessage, SipConnection } from "./targets/module-app.ts";
export type {
  FromWorld,
  ModuleTarget,
  ProcessTarget,
  Readiness,
  RemoteTarget,
  TargetDefinition,
} from "./targets/target-definition.ts";
export type { Level, Margin, Origin, Requirement, RequirementId, Source, Verdict } from "./judge/requirement.ts";
export type { Plan } from "./plan/plan.ts";
export type { Scenario } from "./plan/scenario.ts";
export type { CaseResult, Counterexample, ExpectedFailure, RunResult } from "./run/run-result.ts";
export type { Clock } from "./clock/clock.ts";
export type { Account, WorldFacts } from "./run/world.ts";
export type { Deadlines, Features, PayloadPointer, Profile, Role, RunFacts } from "./trace/run-facts.ts";
export type { CaseEnd, Trace } from "./trace/trace.ts";
export type { Platform, TraceEvent, Transport } from "./trace/trace-event.ts";
