import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { failedIn, reportOf } from "./testing/report-of.ts";
import { type Running, type Workplace, workplace } from "./testing/workplace.ts";

const hostileAdapter = fileURLToPath(new URL("testing/hostile-adapter.mjs", import.meta.url));

/** Starts a run of one witness plan, with a suspended iPhone, against that adapter. */
function startRun(place: Workplace, ...adapter: readonly string[]): Running {
  place.write(
    "ringtrue.config.json",
    JSON.stringify({
      target: {
        name: "Acme",
        version: "1.0",
        role: "client",
        features: { platforms: ["ios"], transports: ["udp"] },
        start: { kind: "process", command: process.execPath, args: [hostileAdapter, ...adapter] },
      },
      os: { coldStartMs: 100 },
      deadlines: {
        appReactsMs: 500,
        ringStopAfterHangupMs: 500,
        absenceMs: 300,
        inviteWaitMs: { min: 500, max: 2500 },
      },
    }),
  );
  const one = ["--scenario", "caller-hangup", "--runs", "0", "--shard", "1/40", "--no-shrink"];
  const judged = ["flow/app-survives", "flow/link-contract"].flatMap((id) => ["--requirement", id]);
  return place.start("run", ...one, ...judged, "--report-dir", "report");
}

function verdictsIn(place: Workplace): readonly string[] {
  return reportOf(place).requirements.map(({ id, verdict }) => `${id} ${verdict}`);
}

describe.concurrent("an adapter that cannot be driven ends the run with exit code 4, which says why:", () => {
  test.for([
    ["one that agrees to everything", "agrees", /It agreed to probe\.\w+, a method that does not exist/],
    ["one that ends at once", "dies", /It ended \(exit code 3\)\. Its log:\n {2}no licence\n/],
  ] as const)("%s", async ([, how, message], { onTestFinished }) => {
    const place = workplace(onTestFinished);
    const { code, stderr } = await startRun(place, how).ended;
    expect(stderr).toMatch(/^ringtrue: The adapter cannot be driven\. /);
    expect(stderr).toMatch(message);
    expect(code).toBe(4);
    expect(place.leftBehind()).toEqual([]);
  });
});

describe.concurrent("an adapter that misbehaves during a case is named, and the run goes on:", () => {
  test("one that dies once is judged from its second run", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const { code, stdout } = await startRun(place, "dies-once", "pushRegistry.didReceiveIncomingPush").ended;
    expect(stdout.match(/The target ended by itself \(code 3\)/g)).toHaveLength(1);
    expect(stdout).toContain("The target is up again.");
    expect(verdictsIn(place)).toEqual(["flow/app-survives pass", "flow/link-contract pass"]);
    expect(code).toBe(0);
    expect(place.leftBehind()).toEqual([]);
  });

  test.for([
    ["one that dies in it, twice", "dies", "The target ended by itself (code 3).", ["flow/app-survives"]],
    [
      "one that closes its output, and that no SIGTERM ends",
      "closes-stdout",
      "It closed its stdout without ending.",
      ["flow/app-survives", "flow/link-contract"],
    ],
  ] as const)("%s", async ([, how, news, failed], { onTestFinished }) => {
    const place = workplace(onTestFinished);
    const { code, stdout } = await startRun(place, how, "pushRegistry.didReceiveIncomingPush").ended;
    expect(stdout.split(`${news}\n`).length - 1).toBeGreaterThanOrEqual(2);
    expect(failedIn(reportOf(place))).toEqual(failed);
    expect(reportOf(place)).toMatchObject({ verdict: "fail", run: { complete: true } });
    expect(code).toBe(1);
    expect(place.leftBehind()).toEqual([]);
  });

  test("one that talks is played to the end", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const { code, stdout } = await startRun(place, "garbage", "pushRegistry.didReceiveIncomingPush").ended;
    expect(verdictsIn(place)).toEqual(["flow/app-survives pass", "flow/link-contract fail"]);
    expect(stdout).toMatch(/actual +It sent "Welcome to the app!", which is not JSON/);
    expect(code).toBe(1);
  });
});

describe.concurrent("Ctrl-C does not wait for an adapter that answers nothing,", () => {
  test("not even to initialize", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const running = startRun(place, "hangs");
    await running.said("against Acme");
    running.child.kill("SIGINT");
    const { code, stderr } = await running.ended;
    expect(stderr).toMatch(/^ringtrue: The start of the adapter of Acme was interrupted.*\n$/);
    expect(code).toBe(2);
    expect(place.leftBehind()).toEqual([]);
  });

  test("nor to what a case asks", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const running = startRun(place, "hangs", "device.launch");
    await running.said("Playing");
    running.child.kill("SIGINT");
    const { code, stdout } = await running.ended;
    expect(stdout).toContain("Interrupted: writing what there is.");
    expect(reportOf(place)).toMatchObject({ verdict: "inconclusive", run: { interrupted: true } });
    expect(code).toBe(2);
    expect(place.leftBehind()).toEqual([]);
  });

  test("and a second one for nothing at all", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const running = startRun(place, "hangs", "device.launch");
    await running.said("Playing");
    running.child.kill("SIGINT");
    await running.said("Interrupted");
    running.child.kill("SIGINT");
    expect((await running.ended).code).toBe(130);
    // RingTrue does not wait for what it has killed, and the system takes a moment over it.
    await vi.waitFor(() => expect(place.leftBehind()).toEqual([]), { timeout: 2_000 });
  });
});
