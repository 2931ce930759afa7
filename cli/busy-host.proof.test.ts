import { spawn } from "node:child_process";
import { cpus } from "node:os";
import { describe, expect, test } from "vitest";
import { failedIn, reportOf } from "./testing/report-of.ts";
import { workplace } from "./testing/workplace.ts";

describe("on a host whose every core is busy", () => {
  test("a conforming target draws no fail", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const busy = cpus().map(() => spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }));
    onTestFinished(() => {
      for (const one of busy) one.kill("SIGKILL");
    });
    const { code, stderr } = await place.run(
      "run",
      "--scenario",
      "caller-hangup",
      "--runs",
      "0",
      "--report-dir",
      "report",
    );
    expect(stderr).toBe("");
    const report = reportOf(place, "report/server");
    expect(failedIn(report)).toEqual([]);
    expect(report.verdict).toMatch(/^(pass|inconclusive)$/);
    expect(code).toBe(report.verdict === "pass" ? 0 : 2);
  });
});
