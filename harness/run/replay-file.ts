import { UsageError, messageOf } from "../errors.ts";
import type { RequirementId } from "../judge/requirement.ts";
import { parsePlan } from "../plan/parse-plan.ts";
import type { Plan } from "../plan/plan.ts";
import type { RunFacts } from "../trace/run-facts.ts";

/** What one failure is played again from: the plan and what it is about. Seed and path are a courtesy. */
export interface ReplayFile {
  readonly schema: "ringtrue.replay/1";
  readonly requirement: RequirementId;
  /** Absent when the case did not fail. */
  readonly mismatch?: string;
  readonly plan: Plan;
  /** Of the run in which it was seen. */
  readonly facts: RunFacts;
  readonly seed: number;
  /** Empty when the plan was not shrunk. */
  readonly path: string;
}

/** @throws UsageError naming the file when it is no replay file. */
export function parseReplayFile(text: string, name: string): ReplayFile {
  const value = readObject(text, name);
  if (value["schema"] !== "ringtrue.replay/1")
    throw new UsageError(
      "bad-replay",
      `${name}: schema must be "ringtrue.replay/1": give a replay.json of a run directory.`,
    );
  const { requirement, mismatch, facts } = value;
  if (typeof requirement !== "string" || !requirement.includes("/"))
    throw new UsageError("bad-replay", `${name}: requirement must be an id such as flow/no-cancel-push.`);
  if (mismatch !== undefined && typeof mismatch !== "string")
    throw new UsageError("bad-replay", `${name}: mismatch must be a string.`);
  if (typeof facts !== "object" || facts === null) throw new UsageError("bad-replay", `${name}: facts are missing.`);
  return {
    schema: "ringtrue.replay/1",
    requirement: requirement as RequirementId,
    ...(mismatch === undefined ? {} : { mismatch }),
    plan: parsePlan(value["plan"], name),
    facts: facts as RunFacts,
    seed: typeof value["seed"] === "number" ? value["seed"] : 0,
    path: typeof value["path"] === "string" ? value["path"] : "",
  };
}

function readObject(text: string, name: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    throw new UsageError("bad-replay", `${name} is not JSON: ${messageOf(error)}`, { cause: error });
  }
  throw new UsageError("bad-replay", `${name} holds no object.`);
}
