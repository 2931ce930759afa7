import { describe, expect, test } from "vitest";
import { sampleClientRun } from "../testing/sample-client-run.ts";
import { sampleRun } from "../testing/sample-run.ts";
import { reportJson } from "./report-json.ts";
import { reportJsonSchema, reportSchema } from "./report-schema.ts";

function asFile(...sample: Parameters<typeof sampleRun>): unknown {
  const { result, context } = sampleRun(...sample);
  return JSON.parse(JSON.stringify(reportJson(result, context)));
}

describe("report.json", () => {
  test("is as it always was for the sample run", async () => {
    await expect(`${JSON.stringify(asFile(), undefined, 2)}\n`).toMatchFileSnapshot("./report.golden.json");
  });

  test.each([
    ["an ordinary run", {}],
    ["hostile text", { hostile: '"><script>\u2028\u0000' }],
    ["a shard that ended with an error", { result: { ended: "error", error: "no port", shard: { index: 1, of: 4 } } }],
    [
      "a run that was interrupted before any case",
      { result: { ended: "interrupted", cases: [], counterexamples: [], runScope: {} } },
    ],
  ] as const)("fits its schema, and the schema knows every member: %s", (_, change) => {
    const report = asFile(change);
    // Members that the schema does not know would be missing from what it gives back.
    expect(reportSchema.parse(report)).toEqual(report);
  });

  test("of an app fits the schema too, and says that it is one", () => {
    const { result, context } = sampleClientRun();
    const report: unknown = JSON.parse(JSON.stringify(reportJson(result, context)));
    expect(reportSchema.parse(report)).toEqual(report);
    expect(report).toMatchObject({
      target: { role: "client", app: { name: "Acme Phone", version: "5.1", telecom: "core" } },
      counterexamples: [{ requirement: "audio/media-after-activation", plan: { role: "client" } }],
    });
  });

  test("says how a run that was cut short ended", () => {
    const { result, context } = sampleRun({ result: { ended: "interrupted", partial: true } });
    expect(reportJson(result, context).run).toMatchObject({
      complete: false,
      interrupted: true,
      partial: true,
      shard: null,
    });
  });

  test("counts each requirement once", () => {
    const { result, context } = sampleRun();
    const { total, ...kinds } = reportJson(result, context).counts.requirements;
    expect(total).toBe(result.selected.requirements.length);
    expect(Object.values(kinds).reduce((sum, count) => sum + count, 0)).toBe(total);
  });

  test("the suite's hash changes with what was judged by and with nothing else", () => {
    const hashOf = (...sample: Parameters<typeof sampleRun>): string => {
      const { result, context } = sampleRun(...sample);
      return reportJson(result, context).suite.hash;
    };
    expect(hashOf({ result: { seed: 7, durationMs: 1 } })).toBe(hashOf());
    expect(hashOf({ context: { catalogueVersion: "2027.01" } })).not.toBe(hashOf());
    expect(hashOf({ result: { selected: { scenarios: [], requirements: [] } } })).not.toBe(hashOf());
  });
});

/** JSON as the formatter leaves it: lists without objects stand on one line where they fit. */
function formatted(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2);
  return `${text.replaceAll(/^.*\[\n[^[\]{}]+\n *\]/gmu, (list) => {
    const line = list
      .replace(/\[\n\s+/u, "[")
      .replace(/\n\s+\]$/u, "]")
      .replaceAll(/\n\s+/gu, " ");
    return line.length < 120 ? line : list;
  })}\n`;
}

test("the schema that the package ships is that of this code", async () => {
  await expect(formatted(reportJsonSchema())).toMatchFileSnapshot("./report.schema.json");
});
