import type { Failure } from "./failures.ts";
import type { ReportedOutcome } from "./report-content.ts";
import { plural } from "./text/words.ts";

/** How often a requirement failed: "failed 5 of 5 alone, in 2 of 40 cases that exercised it". */
export function seenText({ requirement, failed, exercised }: ReportedOutcome, { shrunk }: Failure): string {
  const alone =
    shrunk === undefined || shrunk.reproduced.n === 0
      ? []
      : [`failed ${shrunk.reproduced.k} of ${shrunk.reproduced.n} alone`];
  const seen =
    requirement.scope === "run"
      ? "over the whole run"
      : `in ${failed} of ${plural(exercised, "case")} that exercised it`;
  return [...alone, seen].join(", ");
}
