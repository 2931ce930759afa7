import type { Anchor, AnchorExpression } from "./plan.ts";

/** Every anchor of an expression, with where it stands below `path`. */
export function anchorsOf(path: string, after: AnchorExpression): readonly (readonly [path: string, anchor: Anchor])[] {
  if ("all" in after) return after.all.map((anchor, i) => [`${path}.all[${i}]`, anchor] as const);
  if ("any" in after) return after.any.map((anchor, i) => [`${path}.any[${i}]`, anchor] as const);
  return [[path, after]];
}
