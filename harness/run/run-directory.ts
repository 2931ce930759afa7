import { join } from "node:path";
import type { RequirementId } from "../judge/requirement.ts";

/** What a run leaves in its directory; reports are written beside it by others. */
export const RUN_DIRECTORY_ENTRIES: readonly string[] = ["cases.ndjson", "cases", "counterexamples", "run"];

/** Where the minimal plan of a failing requirement lies in a run directory; its `replay.json` is what `ringtrue replay` takes. */
export function counterexampleDirectory(
  directory: string,
  { requirement }: { readonly requirement: RequirementId },
): string {
  return join(directory, "counterexamples", requirement.replace("/", "-"));
}
