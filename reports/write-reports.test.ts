import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HarnessFault } from "../harness/errors.ts";
import { terminalSummary } from "./terminal/terminal-summary.ts";
import { sampleRun } from "./testing/sample-run.ts";
import { writeReports } from "./write-reports.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ringtrue-reports-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

test("writes the formats that were asked for, whole, and names them", async () => {
  const { result, context } = sampleRun({ context: { directory: join(directory, "new", "server") } });
  const written = await writeReports(result, { ...context, formats: ["json", "junit", "json"] });
  expect(written).toEqual(["report.json", "junit.xml"].map((file) => join(context.directory, file)));
  expect((await readdir(context.directory)).toSorted()).toEqual(["junit.xml", "report.json"]);
  expect(JSON.parse(await readFile(join(context.directory, "report.json"), "utf8"))).toMatchObject({
    schema: "ringtrue.report/1",
  });
});

test("a report that cannot be written is named, and takes none of the others with it", async () => {
  const { result, context } = sampleRun({ context: { directory } });
  await mkdir(join(directory, "report.json", "in-the-way"), { recursive: true });
  const error: unknown = await writeReports(result, context).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HarnessFault);
  expect((error as HarnessFault).message).toContain("report.json");
  expect((await readdir(directory)).toSorted()).toEqual(["index.html", "junit.xml", "report.json"]);
});

test("what was there stays until the new report is whole", async () => {
  const { result, context } = sampleRun({ context: { directory } });
  await writeReports(result, context);
  const before = await readFile(join(directory, "report.json"), "utf8");
  await writeReports({ ...result, seed: 7 }, context);
  const after = await readFile(join(directory, "report.json"), "utf8");
  expect(after).not.toBe(before);
  expect(JSON.parse(after)).toMatchObject({ run: { seed: 7 } });
});

test("no report and no summary holds a secret", async () => {
  const secret = 'tr<u>st "no" one';
  const { result, context } = sampleRun({
    hostile: ` ${secret} ${encodeURIComponent(secret)} ${Buffer.from(secret).toString("base64")}`,
    context: {
      directory,
      secrets: [secret],
      effectiveConfig: { header: `Bearer ${secret}`, env: () => 'tr<u>st "no" one' },
    },
  });
  const written = await writeReports(result, context);
  const texts = await Promise.all(written.map(async (path) => await readFile(path, "utf8")));
  texts.push(terminalSummary(result, { ...context, written, colour: false }).join("\n"));
  expect(texts).toHaveLength(4);
  for (const text of texts) {
    expect(text).toContain("[redacted]");
    expect(text).not.toMatch(/tr(<|&lt;|\\u003c|%3C)u|dHI8dT5zdC/iu);
  }
});
