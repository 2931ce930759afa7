import { z } from "zod";

const requirementId = z
  .string()
  .regex(/^[a-z0-9-]+\/[a-z0-9-]+$/u)
  .meta({ description: "<area>/<kebab-case>, stable for ever" });
const count = z.number().int().min(0);
const milliseconds = z.number().min(0);
const caseId = z.string().min(1);
const role = z.enum(["server", "client"]);
const transport = z.enum(["udp", "tcp", "tls", "ws"]);
const platform = z.enum(["ios", "android"]);
const level = z.enum(["must", "should", "may"]);

const target = z.object({
  name: z.string(),
  version: z.string(),
  vendor: z.string().optional(),
  role,
  profile: z.looseObject({ id: z.string() }).meta({ description: "the vendor dialect as data, in force in this run" }),
  features: z
    .looseObject({ platforms: z.array(platform), transports: z.array(transport) })
    .meta({ description: "what the target declares of itself; undeclared is not applicable" }),
  app: z
    .looseObject({
      name: z.string(),
      version: z.string(),
      telecom: z.enum(["self-managed", "managed", "core", "none"]),
    })
    .optional()
    .meta({ description: "client targets: what the adapter said of the app" }),
});

const run = z.object({
  seed: z.number(),
  runs: count.meta({ description: "generated cases per scenario as asked for" }),
  startedAt: z.string().meta({ description: "ISO 8601 time" }),
  durationMs: milliseconds,
  complete: z.boolean(),
  partial: z.boolean().meta({ description: "part of the suite was deselected: never certifiable" }),
  interrupted: z.boolean(),
  strict: z.boolean().meta({ description: "failing shoulds count" }),
  shard: z.object({ index: count, of: count }).nullable(),
  error: z.string().optional().meta({ description: "why the run ended with an error" }),
});

const counts = z.object({
  cases: count,
  requirements: z
    .object({
      total: count,
      passed: count,
      failed: count,
      waived: count.meta({ description: "every fail of it was expected" }),
      inconclusive: count,
      notExercised: count,
      notApplicable: count,
    })
    .meta({ description: "each requirement is in one count besides total" }),
});

const requirement = z.object({
  id: requirementId,
  title: z.string(),
  level,
  origin: z.enum(["standard", "vendor", "profile", "house"]),
  scope: z.enum(["case", "run"]),
  sources: z.array(z.object({ document: z.string(), section: z.string(), quote: z.string() })),
  verdict: z.enum(["pass", "fail", "inconclusive", "not-exercised", "not-applicable"]),
  reason: z.string().optional().meta({ description: "why, in words; absent when it passed" }),
  exercised: count.meta({ description: "verdicts other than not-exercised" }),
  passed: count,
  failed: count,
  waived: count.meta({ description: "of failed, how many an expected failure covers" }),
  inconclusive: count,
  cases: z.array(caseId).meta({ description: "the cases that failed, else those that were inconclusive" }),
});

const scenario = z.object({
  id: z.string(),
  runs: count.meta({ description: "cases played" }),
  failed: count.meta({ description: "cases in which a requirement failed" }),
  inconclusive: count.meta({ description: "cases in which none failed and one was inconclusive" }),
});

const plan = z.looseObject({
  scenario: z.string(),
  role,
  transport,
  phones: z.array(z.looseObject({})),
  calls: z.array(z.looseObject({})),
  steps: z.array(z.looseObject({})),
});

const counterexample = z.object({
  requirement: requirementId,
  mismatch: z.string(),
  expected: z.string(),
  actual: z.string(),
  plan: plan.meta({ description: "the minimal plan that fails" }),
  caseId: caseId.meta({ description: "the case of the survey it was shrunk from" }),
  seed: z.number(),
  path: z.string(),
  reproduced: z.object({ k: count, n: count }).meta({ description: "played alone n times, it failed k times" }),
  directory: z.string().meta({ description: "its evidence, below the run directory" }),
  replay: z.string().meta({ description: "the command that plays it again" }),
});

const expectedFailure = z.object({
  requirement: requirementId,
  reason: z.string(),
  expires: z.string().optional(),
  scenario: z.string().optional(),
  platform: platform.optional(),
  transport: transport.optional(),
  mismatch: z.string().optional(),
  state: z
    .enum(["used", "unused", "expired", "unknown"])
    .meta({ description: "unknown: this run could not tell; unused and expired entries fail the run" }),
});

const harness = z.object({
  host: z.object({ platform: z.string(), node: z.string(), cpus: count }),
  worstEventLoopDelayMs: milliseconds,
  margins: z
    .record(z.string(), z.object({ what: z.string(), limitMs: z.number(), actualMs: z.number() }))
    .meta({ description: "the tightest margin of a pass per requirement id" }),
});

/** The shape of `report.json`. Members are added to it, never taken away or given another meaning. */
export const reportSchema = z
  .object({
    schema: z.literal("ringtrue.report/1"),
    tool: z.object({ name: z.string(), version: z.string() }),
    suite: z.object({
      catalogueVersion: z.string(),
      hash: z
        .string()
        .regex(/^sha256:[0-9a-f]{64}$/u)
        .meta({ description: "equal for runs that were judged by the same requirements in the same scenarios" }),
    }),
    target,
    effectiveConfig: z
      .unknown()
      .meta({ description: "the configuration with its defaults; functions as their source, secrets redacted" }),
    run,
    verdict: z.enum(["pass", "pass-with-waivers", "fail", "inconclusive", "error"]),
    reasons: z.array(z.string()).meta({ description: "why it is not a plain pass, most weighty first" }),
    warnings: z.array(z.string()).meta({ description: "fails that do not count" }),
    counts,
    requirements: z.array(requirement),
    scenarios: z.array(scenario),
    counterexamples: z.array(counterexample),
    expectedFailures: z.array(expectedFailure),
    harness,
  })
  .meta({ title: "RingTrue report", description: "The whole result of one run against one target" });

/** The JSON Schema (draft 2020-12) that the package ships. */
export function reportJsonSchema(): Readonly<Record<string, unknown>> {
  // Of what is read, not of what is written: a reader must put up with members that later versions add.
  const { $schema, ...schema } = z.toJSONSchema(reportSchema, { target: "draft-2020-12", io: "input" });
  return { $schema, $id: "ringtrue.report/1", ...schema };
}
