import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { main } from "./program.ts";
import { shortRun } from "./testing/config-text.ts";
import { reportOf } from "./testing/report-of.ts";
import { type Ended, type Workplace, workplace } from "./testing/workplace.ts";

const commands = ["run", "replay", "judge", "list", "explain", "prove", "mock"];

async function said(...args: readonly string[]): Promise<string> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  expect(await main(["node", "ringtrue", ...args], stdout, stderr)).toBe(0);
  expect(stderr.read()).toBeNull();
  return String(stdout.read() ?? "");
}

describe("help", () => {
  test("of the program names every command and every exit code", async () => {
    const text = await said("--help");
    for (const command of commands) expect(text).toMatch(new RegExp(`^  ${command} .*\\S`, "m"));
    for (const code of [0, 1, 2, 3, 4]) expect(text).toMatch(new RegExp(`\\b${code} [a-z]`));
  });

  test.each(commands)("of %s says what it does and explains every option", async (command) => {
    const text = await said(command, "--help");
    expect(text).toMatch(new RegExp(`^Usage: ringtrue ${command}`));
    const options = text.split("\n").filter((line) => line.startsWith("  -"));
    expect(options.length).toBeGreaterThan(0);
    for (const option of options) expect(option).toMatch(/^ {2}-\S.* {2}\S/);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe("the catalogue", () => {
  test("is listed for people and for programs", async () => {
    expect(await said("list", "scenarios")).toContain("  caller-hangup ");
    const all = JSON.parse(await said("list", "--json")) as Record<string, readonly { readonly id: string }[]>;
    expect(all["requirements"]?.map(({ id }) => id)).toContain("apns/topic");
    expect(Object.keys(all)).toEqual(["scenarios", "requirements", "profiles", "features", "faults"]);
  });

  test("explains every requirement and scenario it lists, for people and for programs", async () => {
    const all = JSON.parse(await said("list", "--json")) as Record<string, readonly { readonly id: string }[]>;
    for (const { id } of [...(all["requirements"] ?? []), ...(all["scenarios"] ?? [])]) {
      expect(await said("explain", id)).toContain(id);
      expect(JSON.parse(await said("explain", id, "--json"))).toMatchObject({ id });
    }
  });
});

describe.concurrent("an output that nobody reads to its end", () => {
  /** As `| head -1` does. */
  async function headOf(place: Workplace, ...args: readonly string[]): Promise<Ended> {
    const { child, ended } = place.start(...args);
    child.stdout?.once("data", () => child.stdout?.destroy());
    return await ended;
  }

  test("is no trouble to a listing", async ({ onTestFinished }) => {
    const ended = await headOf(workplace(onTestFinished), "explain", "caller-hangup");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
  });

  test("is no trouble to a run, which writes its report all the same", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const ended = await headOf(place, ...shortRun, "--requirement", "apns/topic");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(reportOf(place, "report/server").verdict).toBe("pass");
  });
});
