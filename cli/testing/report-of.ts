import type { Workplace } from "./workplace.ts";

/** What tests look at in a report.json. */
export interface ReportJson {
  readonly verdict: string;
  readonly run: { readonly interrupted: boolean; readonly complete: boolean };
  readonly requirements: readonly {
    readonly id: string;
    readonly level: string;
    readonly verdict: string;
    readonly passed: number;
    readonly failed: number;
    readonly reason?: string;
  }[];
  readonly counterexamples: readonly { readonly requirement: string; readonly mismatch: string }[];
  readonly expectedFailures: readonly { readonly state: string }[];
}

export function reportOf(place: Workplace, directory = "report"): ReportJson {
  return place.json(`${directory}/report.json`) as ReportJson;
}

/** The ids of what failed. */
export function failedIn({ requirements }: ReportJson): readonly string[] {
  return requirements.flatMap(({ id, failed }) => (failed > 0 ? [id] : []));
}
