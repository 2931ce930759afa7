import { createHash } from "node:crypto";
import type { Requirement } from "../harness/judge/requirement.ts";

/** Fingerprint of what a run was judged by: two runs with the same one were held to the same sentences of the same catalogue. */
export function suiteHash(
  catalogueVersion: string,
  scenarios: readonly string[],
  requirements: readonly Requirement[],
): string {
  const suite = {
    catalogueVersion,
    scenarios: scenarios.toSorted(),
    requirements: requirements
      .map(({ id, title, level, origin, role, scope, sources }) => ({ id, title, level, origin, role, scope, sources }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
  return `sha256:${createHash("sha256").update(JSON.stringify(suite)).digest("hex")}`;
}
