import type { PushFinding } from "../push/push-hooks.ts";
import type { LoggedFinding } from "./logged-push.ts";

/** What of a rule says where it comes from. */
export interface SourcedRule {
  readonly id: string;
  /** Absent: whatever the mismatch. */
  readonly mismatch?: string;
  /** Document and section. */
  readonly source: string;
}

/** Puts the source of its rule to a finding; rules of one id and mismatch have theirs joined. */
export function findingSources(rules: readonly SourcedRule[]): (finding: PushFinding) => LoggedFinding {
  const sources = new Map<string, Set<string>>();
  for (const { id, mismatch, source } of rules) {
    const key = keyOf(id, mismatch);
    sources.set(key, (sources.get(key) ?? new Set()).add(source));
  }
  return (finding) => {
    const found = sources.get(keyOf(finding.rule, finding.mismatch)) ?? sources.get(keyOf(finding.rule));
    return found === undefined ? finding : { ...finding, source: [...found].join("; ") };
  };
}

function keyOf(rule: string, mismatch = ""): string {
  return `${rule} ${mismatch}`;
}
