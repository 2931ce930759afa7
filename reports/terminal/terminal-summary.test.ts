import { describe, expect, test } from "vitest";
import { sampleRun } from "../testing/sample-run.ts";
import { terminalSummary } from "./terminal-summary.ts";

const written = ["ringtrue-report/report.json", "ringtrue-report/index.html"];

function summary(...sample: Parameters<typeof sampleRun>): readonly string[] {
  const { result, context } = sampleRun(...sample);
  return terminalSummary(result, { ...context, written, colour: false });
}

describe("the summary in the terminal", () => {
  test("is as it always was for the sample run", async () => {
    await expect(`${summary().join("\n")}\n`).toMatchFileSnapshot("./terminal-summary.golden.txt");
  });

  test("stays within 100 columns but for what is there to be copied", () => {
    const long = summary({ hostile: ` ${"a long story ".repeat(30)}` }).filter((line) => line.length > 100);
    expect(long.filter((line) => !/^ {2}(replay|evidence) |^Reports: /u.test(line))).toEqual([]);
  });

  test("colours are in it only where they are wanted, and change no word", () => {
    const { result, context } = sampleRun();
    const coloured = terminalSummary(result, { ...context, written, colour: true }).join("\n");
    expect(coloured).toContain("\u001b[");
    // oxlint-disable-next-line no-control-regex
    expect(coloured.replaceAll(/\u001b\[\d+m/gu, "")).toBe(summary().join("\n"));
  });

  test("a target cannot write to the terminal", () => {
    // oxlint-disable-next-line no-control-regex
    expect(summary({ hostile: "\u001b]0;owned\u0007\r\n\u202e" }).join("")).not.toMatch(/[\u001b\u0007\r\n\u202e]/u);
  });

  test("says why a run without failures is not conformant", () => {
    const nothing = { cases: [], counterexamples: [], runScope: {}, expectedFailures: [] };
    const lines = summary({ result: { ...nothing, ended: "interrupted", partial: true } });
    const verdict = lines.indexOf("INCONCLUSIVE");
    expect(lines[verdict + 1]).toContain("0 of 9 requirements passed");
    expect(lines).toContain("  - nothing was exercised");
    expect(lines).toContain("  - interrupted: the cases that were left were not played");
    expect(lines).toContain("  - part of the suite only: never certifiable");
  });
});
