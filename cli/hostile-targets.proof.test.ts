import { describe, expect, test } from "vitest";
import { configText, referenceProgram, shortRun } from "./testing/config-text.ts";
import { failedIn, reportOf, type ReportJson } from "./testing/report-of.ts";
import { workplace, type Workplace } from "./testing/workplace.ts";

interface Played {
  readonly code: number | null;
  readonly stderr: string;
  readonly report: ReportJson;
  /** Every trace that was kept. */
  readonly traces: string;
}

/** One witness plan. Its phone and its caller each meet the target's answers. */
async function play(place: Workplace, transport: "udp" | "tcp", ...program: readonly string[]): Promise<Played> {
  const text = configText([referenceProgram, ...program]);
  place.write("ringtrue.config.mjs", text.replace('transports: ["udp", "tcp"]', `transports: ["${transport}"]`));
  const { code, stderr } = await place.run(...shortRun, "--shard", "1/20");
  const traces = Object.entries(place.files("report")).flatMap(([path, file]) =>
    path.endsWith("trace.ndjson") ? [file] : [],
  );
  expect(place.leftBehind()).toEqual([]);
  return { code, stderr, report: reportOf(place), traces: traces.join("\n") };
}

function mustsPassedIn({ requirements }: ReportJson): readonly string[] {
  return requirements.flatMap(({ id, level, passed }) => (level === "must" && passed > 0 ? [id] : []));
}

/** What a test says when it fails must not be the trace. */
function kindsIn(traces: string): ReadonlySet<string> {
  return new Set(Array.from(traces.matchAll(/"kind":"([a-z.-]+)"/g), ([, kind]) => kind ?? ""));
}

describe.concurrent("a hostile target is outlived and passes no must", () => {
  test.for([
    ["garbage", "tcp", "not-sip", "flow.garbage"],
    ["garbage", "udp", "not-sip", "sip"],
    ["oversized", "tcp", "not-sip", "flow.garbage"],
    ["truncated", "udp", "no-end-of-headers", "sip"],
  ] as const)("answering %s over %s, and the report names it", async (row, { onTestFinished }) => {
    const [how, transport, reason, seen] = row;
    const { code, stderr, report, traces } = await play(workplace(onTestFinished), transport, "hostile", "--how", how);
    expect(stderr).toBe("");
    expect(code).toBe(1);
    expect(report).toMatchObject({ verdict: "fail", run: { complete: true, interrupted: false } });
    expect(report.requirements.find(({ id }) => id === "sip/well-formed")).toMatchObject({ verdict: "fail", reason });
    expect(mustsPassedIn(report)).toEqual([]);
    expect(kindsIn(traces)).toContain(seen);
  });

  test("resetting every connection, which answers nothing and stands in a trace", async (context) => {
    const place = workplace(context.onTestFinished);
    const { code, stderr, report, traces } = await play(place, "tcp", "hostile", "--how", "reset");
    expect(stderr).toBe("");
    expect(code).toBe(1);
    expect(report).toMatchObject({ verdict: "fail", run: { complete: true } });
    expect(failedIn(report)).toContain("sip/trying-in-time");
    expect(mustsPassedIn(report)).toEqual([]);
    expect(traces.includes("ECONNRESET")).toBe(true);
  });
});

describe.concurrent("a lazy target passes no must", () => {
  test.for([
    ["silent", "sip/register-answered"],
    ["always-200", "sip/register-lists-contact"],
  ] as const)("and fails when it is %s", async ([name, failed], { onTestFinished }) => {
    const { code, report } = await play(workplace(onTestFinished), "udp", name);
    expect(code).toBe(1);
    expect(failedIn(report)).toContain(failed);
    expect(mustsPassedIn(report)).toEqual([]);
  });

  test("and leaves the run inconclusive when it refuses everything; a trace shows how", async (context) => {
    const { code, report, traces } = await play(workplace(context.onTestFinished), "udp", "always-reject");
    expect(code).toBe(2);
    expect(report.verdict).toBe("inconclusive");
    expect(mustsPassedIn(report)).toEqual([]);
    expect(traces.includes("SIP/2.0 403")).toBe(true);
  });
});
