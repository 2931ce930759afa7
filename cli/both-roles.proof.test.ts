import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failedIn, reportOf } from "./testing/report-of.ts";
import { workplace } from "./testing/workplace.ts";

const referenceClient = fileURLToPath(new URL("../dist/mocks/reference/client/main.js", import.meta.url));
const one = ["run", "--scenario", "push-before-invite", "--runs", "0", "--shard", "1/40", "--report-dir", "report"];

describe.concurrent("a run without a config", () => {
  test("plays a server and then a client, each with a report of its own", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const { code, stdout, stderr } = await place.run(...one, "--requirement", "sip/well-formed");
    expect(stderr).toBe("");
    expect(stdout).toMatch(/reference holding-proxy[^]*CONFORMANT[^]*reference client connected[^]*CONFORMANT/);
    expect(reportOf(place, "report/server")).toMatchObject({ verdict: "pass", target: { role: "server" } });
    expect(reportOf(place, "report/client")).toMatchObject({ verdict: "pass", target: { role: "client" } });
    expect(code).toBe(0);
    expect(place.leftBehind()).toEqual([]);
  });

  test("that is interrupted in the first says that the second was not played", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const running = place.start(...one, "--requirement", "sip/well-formed");
    await running.said("Playing");
    running.child.kill("SIGINT");
    const { code, stdout } = await running.ended;
    expect(stdout).toMatch(/\nRingTrue reference client connected was not played\.\n$/);
    expect(reportOf(place, "report/server").run.interrupted).toBe(true);
    expect(existsSync(join(place.directory, "report/client/report.json"))).toBe(false);
    expect(code).toBe(2);
    expect(place.leftBehind()).toEqual([]);
  });
});

describe.concurrent("a failure of a client", () => {
  test("is replayed, judged again, and expected where the config says so", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const config = (...more: readonly string[]): string => `
      import { processTarget } from "ringtrue";
      const args = [${JSON.stringify(referenceClient)}, "connected", "--invite-wait-ms", "1500", "--fault", "completes-twice"];
      export default {
        target: {
          name: "Acme", version: "1.0", role: "client", features: { platforms: ["ios"], transports: ["tcp"] },
          start: processTarget({ command: process.execPath, args }),
        },
        os: { coldStartMs: 100 },
        deadlines: { appReactsMs: 1000, ringStopAfterHangupMs: 500, absenceMs: 300, inviteWaitMs: { min: 1000, max: 3000 } },
        ${more.join("\n")}
      };`;
    place.write("acme.mjs", config());
    place.write(
      "known.mjs",
      config('expectedFailures: [{ requirement: "pushkit/completion-once", reason: "ACME-12" }],'),
    );
    const about = [...one, "--no-shrink", "--requirement", "pushkit/completion-once"];
    const run = await place.run(...about, "--config", "acme.mjs");
    expect(failedIn(reportOf(place))).toEqual(["pushkit/completion-once"]);
    expect(run.code).toBe(1);

    const replayFile = "report/counterexamples/pushkit-completion-once/replay.json";
    expect(run.stdout).toContain(`npx ringtrue replay ${replayFile} --config acme.mjs`);
    const [still, fixed, judged, expected] = await Promise.all([
      place.run("replay", replayFile, "--config", "acme.mjs"),
      place.run("replay", replayFile),
      place.run("judge", "report"),
      place.run(...about, "--config", "known.mjs", "--report-dir", "known"),
    ]);
    expect(still.stdout).toContain("STILL FAILING: failed 3 of 3");
    expect(still.stdout).toContain("pushRegistry.completion");
    expect(still.code).toBe(1);
    expect(fixed.stdout).toContain("FIXED: failed 0 of 3");
    expect(fixed.code).toBe(0);
    expect(judged.stdout).toMatch(
      /^1 of 1 traces judged again[^]*\nVerdict: fail\n {2}pushkit\/completion-once failed/,
    );
    expect(judged.code).toBe(1);
    expect(reportOf(place, "known").verdict).toBe("pass-with-waivers");
    expect(expected.code).toBe(0);
    expect(place.leftBehind()).toEqual([]);
  });
});
