import { z } from "zod";
import { UsageError } from "../errors.ts";
import { anchorsOf } from "./anchors-of.ts";
import type { Anchor, AnchorExpression, Plan } from "./plan.ts";
import { planSchema } from "./plan-schema.ts";
import type { Wrong } from "./wrong.ts";
import { wrongForPlatform } from "./wrong-for-platform.ts";
import { wrongForRole } from "./wrong-for-role.ts";

/**
 * Checks anything (a `plan.json`, the plan of a `replay.json`) to be a plan of one role whose steps name phones and calls it
 * has, and ask of them what phones of their platform can do.
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
  const wrong = wrongCallee(plan) ?? wrongReference(plan) ?? wrongForRole(plan) ?? wrongForPlatform(plan);
  if (wrong !== undefined) throw planError(source, ...wrong);
  return plan;
}

function planError(source: string, path: string, message: string): UsageError {
  return new UsageError("invalid-plan", `${source}: ${path === "" ? "the plan" : path}: ${message}`);
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
  return on.startsWith("phone.") || on.startsWith("app.") || on === "audio.activated" ? "phone" : undefined;
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
