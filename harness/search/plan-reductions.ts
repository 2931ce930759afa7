import type { Anchor, AnchorExpression, Plan, Step } from "../plan/plan.ts";

/**
 * Smaller plans made from one, boldest first: without a phone, without a call (each with the steps that name it), without half
 * of the steps, without one step, with pushes handled as
 * always, on a phone that is awake, without a delay. Every plan that comes out is a whole plan.
 */
export function* planReductions(plan: Plan): Generator<Plan> {
  for (let index = plan.phones.length - 1; index >= 0; index--) {
    if (canLosePhone(plan, index))
      yield withSteps({ ...plan, phones: plan.phones.toSpliced(index, 1) }, withoutRef(plan.steps, "phone", index + 1));
  }
  if (plan.calls.length > 1) {
    for (let index = plan.calls.length - 1; index >= 0; index--)
      yield withSteps({ ...plan, calls: plan.calls.toSpliced(index, 1) }, withoutRef(plan.steps, "call", index + 1));
  }
  const { steps } = plan;
  if (steps.length > 3) {
    const half = Math.ceil(steps.length / 2);
    yield withSteps(plan, steps.slice(0, half));
    yield withSteps(plan, steps.slice(half));
  }
  for (let index = steps.length - 1; index >= 0; index--) yield withSteps(plan, steps.toSpliced(index, 1));
  for (const [index, phone] of plan.phones.entries()) {
    if (phone.pushes.length > 0) yield { ...plan, phones: plan.phones.with(index, { ...phone, pushes: [] }) };
    const { android, ...awake } = phone;
    if (android !== undefined) yield { ...plan, phones: plan.phones.with(index, awake) };
  }
  for (const [index, step] of steps.entries()) {
    if (step.delayMs > 0) yield withSteps(plan, steps.with(index, { ...step, delayMs: 0 }));
  }
}

function withSteps(plan: Plan, steps: readonly Step[]): Plan {
  return { ...plan, steps };
}

/** A called account keeps a phone: a call to nobody is another plan, not a smaller one. */
function canLosePhone({ phones, calls }: Plan, index: number): boolean {
  const account = phones[index]?.account;
  return (
    phones.length > 1 &&
    (phones.filter((phone) => phone.account === account).length > 1 || calls.every(({ callee }) => callee !== account))
  );
}

/** The steps without those that act on `kind:number` or only wait for it; higher numbers move down by one. */
function withoutRef(steps: readonly Step[], kind: "phone" | "call", number: number): readonly Step[] {
  const gone = `${kind}:${number}`;
  return steps.flatMap((step) => {
    const after = withoutAnchor(step.after, gone);
    if (after === undefined || mentions(step.do, gone)) return [];
    return [renumbered({ ...step, after }, kind, number)];
  });
}

function withoutAnchor(after: AnchorExpression, gone: string): AnchorExpression | undefined {
  const kept = (anchors: readonly Anchor[]): readonly Anchor[] => anchors.filter(({ of }) => of !== gone);
  if ("all" in after) return kept(after.all).length === 0 ? undefined : { all: kept(after.all) };
  if ("any" in after) return kept(after.any).length === 0 ? undefined : { any: kept(after.any) };
  return after.of === gone ? undefined : after;
}

function mentions(value: unknown, ref: string): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).some((member) => mentions(member, ref));
  return value === ref;
}

function renumbered<T>(value: T, kind: string, above: number): T {
  const renumber = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(renumber);
    if (typeof part === "object" && part !== null)
      return Object.fromEntries(Object.entries(part).map(([key, member]) => [key, renumber(member)]));
    const match = typeof part === "string" ? /^(phone|call):(\d+)$/.exec(part) : null;
    if (match === null || match[1] !== kind || Number(match[2]) <= above) return part;
    return `${kind}:${Number(match[2]) - 1}`;
  };
  return renumber(value) as T;
}
