import { cpus } from "node:os";
import type { Margin, RequirementId, Verdict } from "../judge/requirement.ts";
import type { CaseResult, HarnessMeasures } from "./run-result.ts";

/** The host, and per requirement the passing measurement that came closest to its limit. */
export function harnessMeasures(cases: readonly CaseResult[], worstEventLoopDelayMs: number): HarnessMeasures {
  const margins: Record<RequirementId, Margin> = {};
  for (const { verdicts } of cases) {
    for (const [id, verdict] of Object.entries(verdicts) as [RequirementId, Verdict][]) {
      if (verdict.kind !== "pass") continue;
      for (const margin of verdict.margins ?? []) {
        const tightest = margins[id];
        if (tightest === undefined || roomOf(margin) < roomOf(tightest)) margins[id] = margin;
      }
    }
  }
  return {
    host: { platform: process.platform, node: process.version, cpus: cpus().length },
    worstEventLoopDelayMs,
    margins,
  };
}

function roomOf({ limitMs, actualMs }: Margin): number {
  return limitMs - actualMs;
}
