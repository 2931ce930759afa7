import { join } from "node:path";
import { HarnessFault, messageOf } from "../harness/errors.ts";
import type { RunResult } from "../harness/run/run-result.ts";
import { htmlReport } from "./html/html-report.ts";
import { reportJson } from "./json/report-json.ts";
import { junitXml } from "./junit/junit-xml.ts";
import type { ReportContext, WrittenFormat } from "./report-context.ts";
import { writeFileWhole } from "./write-file-whole.ts";

interface Reporter {
  readonly file: string;
  readonly render: (result: RunResult, context: ReportContext) => string;
}

const reporters: Readonly<Record<WrittenFormat, Reporter>> = {
  json: {
    file: "report.json",
    render: (result, context) => `${JSON.stringify(reportJson(result, context), undefined, 2)}\n`,
  },
  html: { file: "index.html", render: htmlReport },
  junit: { file: "junit.xml", render: junitXml },
};

/**
 * Writes the asked-for reports into the run directory, each whole or not at all, and gives their paths. One that fails takes
 * none of the others with it.
 *
 * @throws HarnessFault naming each report that could not be written, after all others were.
 */
export async function writeReports(result: RunResult, context: ReportContext): Promise<readonly string[]> {
  const written: string[] = [];
  const failed: string[] = [];
  for (const format of new Set(context.formats)) {
    const { file, render } = reporters[format];
    const path = join(context.directory, file);
    try {
      await writeFileWhole(path, render(result, context));
      written.push(path);
    } catch (error) {
      failed.push(`${path} (${messageOf(error)})`);
    }
  }
  if (failed.length > 0) {
    const rest = written.length === 0 ? "" : ` Written: ${written.join(", ")}.`;
    throw new HarnessFault("report-not-written", `Reports could not be written: ${failed.join("; ")}.${rest}`);
  }
  return written;
}
