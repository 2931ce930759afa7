import { z } from "zod";
import { UsageError } from "../errors.ts";
import type { Platform } from "../trace/trace-event.ts";
import type { Anchor, AnchorExpression, Plan } from "./plan.ts";
import { planSchema } from "./plan-schema.ts";

/**
 * Checks anything (a `plan.json`, the plan of a `replay.json`) to be a plan whose steps name phones and calls it has.
 * @param source what to call it in messages, e.g. the file's name
 * @throws UsageError naming the field
 */
export function parsePlan(input: unknown, source = "plan"): Plan {
  const parsed = planSchema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw planError(source, z.core.toDotPath(issue.path), issue.message);
  }
  const plan = parsed.data as Plan;
  const wrong = wrongPhone(plan) ?? wrongCallee(plan) ?? wrongReference(plan);
  if (wrong !== undefined) throw planError(source, ...wrong);
  return plan;
}

function planError(source: string, path: string, message: string): UsageError {
  return new UsageError("invalid-plan", `${source}: ${path === "" ? "the plan" : path}: ${message}`);
}

type Wrong = readonly [path: string, message: string];

/** What only one platform knows of is on a phone of that platform. */
function wrongPhone({ phones }: Plan): Wrong | undefined {
  for (const [i, { platform, android, pushes }] of phones.entries()) {
    if (platform !== "android" && android !== undefined)
      return [`phones[${i}].android`, `only an Android phone has it, and this one is ${platform}`];
    for (const [j, { answer }] of pushes.entries()) {
      const field = answer.kind === "status" ? foreignField(platform, answer) : undefined;
      if (field !== undefined)
        return [
          `phones[${i}].pushes[${j}].answer.${field}`,
          `the push service of ${platform} phones sends no such thing`,
        ];
    }
  }
  return undefined;
}

function foreignField(platform: Platform, answer: object): string | undefined {
  const field = platform === "ios" ? "retryAfterS" : "unregistered";
  return field in answer ? field : undefined;
}

function wrongCallee({ phones, calls }: Plan): Wrong | undefined {
  const index = calls.findIndex(({ callee }) => !phones.some(({ account }) => account === callee));
  if (index < 0) return undefined;
  return [`calls[${index}].callee`, `no phone of the plan has account ${calls[index]!.callee}`];
}

/** References in a step: to what is there, of the kind that is meant, and users act on calls for their own account. */
function wrongReference(plan: Plan): Wrong | undefined {
  for (const [i, { after, do: action }] of plan.steps.entries()) {
    for (const [path, ref] of referencesOf(`steps[${i}]`, after, action)) {
      const [kind, number] = ref.split(":") as ["phone" | "call", string];
      const there = kind === "phone" ? plan.phones.length : plan.calls.length;
      if (Number(number) > there)
        return [path, `there is no ${ref}: the plan has ${there} ${kind}${there === 1 ? "" : "s"}`];
    }
    for (const [path, anchor] of anchorsOf(`steps[${i}].after`, after)) {
      const kind = onlyKind(anchor);
      if (anchor.of !== undefined && kind !== undefined && !anchor.of.startsWith(kind)) {
        return [`${path}.of`, `${anchor.on} is never of a ${anchor.of.split(":")[0]}: name a ${kind}`];
      }
    }
    if ("phone" in action && "call" in action) {
      const phone = plan.phones[numberOf(action.phone) - 1]!;
      const call = plan.calls[numberOf(action.call) - 1]!;
      if (phone.account !== call.callee) {
        return [`steps[${i}].do`, `${action.call} is not for the account of ${action.phone}`];
      }
    }
  }
  return undefined;
}

/** Events of REGISTER and of the app belong to a phone alone, those of the caller to a call alone. */
function onlyKind({ on }: Anchor): "phone" | "call" | undefined {
  if (on.startsWith("call.")) return "call";
  return on.startsWith("phone.") || on === "app.woken" ? "phone" : undefined;
}

function anchorsOf(path: string, after: AnchorExpression): readonly (readonly [path: string, anchor: Anchor])[] {
  if ("all" in after) return after.all.map((anchor, i) => [`${path}.all[${i}]`, anchor] as const);
  if ("any" in after) return after.any.map((anchor, i) => [`${path}.any[${i}]`, anchor] as const);
  return [[path, after]];
}

function referencesOf(
  path: string,
  after: AnchorExpression,
  action: Plan["steps"][number]["do"],
): readonly (readonly [path: string, ref: string])[] {
  return [
    ...anchorsOf(`${path}.after`, after).map(([at, { of }]) => [`${at}.of`, of] as const),
    ...("phone" in action ? [[`${path}.do.phone`, action.phone] as const] : []),
    ...("call" in action ? [[`${path}.do.call`, action.call] as const] : []),
    ...("match" in action ? [[`${path}.do.match.at`, action.match.at] as const] : []),
  ].flatMap(([at, ref]) => (ref === undefined ? [] : [[at, ref] as const]));
}

function numberOf(ref: string): number {
  return Number(ref.slice(ref.indexOf(":") + 1));
}
