import type { RunConclusion } from "../harness/judge/run-verdict.ts";

/** Report files that `writeReports` knows. */
export type WrittenFormat = "json" | "html" | "junit";

/** What reports need beside the result of a run. */
export interface ReportContext {
  /** The run directory; paths in reports that are for people start with it. */
  readonly directory: string;
  readonly formats: readonly WrittenFormat[];
  readonly conclusion: RunConclusion;
  readonly tool: { readonly name: string; readonly version: string };
  readonly catalogueVersion: string;
  /** The configuration with its defaults filled in. It may hold functions and regular expressions. */
  readonly effectiveConfig: unknown;
  /** The command line that plays this `replay.json` again. */
  readonly replayCommand: (replayFile: string) => string;
  /** Must not be found in any report; each is replaced by `[redacted]`. */
  readonly secrets: readonly string[];
}
