import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { configText, referenceProgram, shortRun } from "./testing/config-text.ts";
import { type Running, type Workplace, workplace } from "./testing/workplace.ts";

/** A reference server whose start keeps a copy of the run's keys, so that they can be looked for. */
function startRun(place: Workplace, ...server: readonly string[]): Running {
  const copyKeys = `
    import { copyFileSync } from "node:fs";
    const stolen = (world) => {
      copyFileSync(world.apns.keyFile, "signing-key.pem");
      copyFileSync(world.apns.clientKeyFile, "client-key.pem");
      return [];
    };`;
  const text = configText([referenceProgram, "holding-proxy", ...server], "", copyKeys);
  place.write("ringtrue.config.mjs", text.replace("args: (world) => [", "args: (world) => [...stolen(world), "));
  return place.start(...shortRun, "--keep-all");
}

/** Lines of the run's own keys. */
function keysOf(place: Workplace): readonly string[] {
  const lines = ["signing-key.pem", "client-key.pem"].flatMap((name) =>
    readFileSync(join(place.directory, name), "utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("-----")),
  );
  expect(lines.length).toBeGreaterThan(3);
  return lines;
}

/** Where a provider token (a JWT is base64 of `{"` at its start) or anything of a private key stands. */
function leaksIn(texts: Readonly<Record<string, string>>, secrets: readonly string[]): readonly string[] {
  const isSecret = /PRIVATE KEY|eyJ[\w-]{8,}\.|bearer [\w-]{8,}/i;
  return Object.entries(texts).flatMap(([path, text]) =>
    isSecret.test(text) || secrets.some((line) => text.includes(line)) ? [path] : [],
  );
}

describe.concurrent("a run leaves no process, no temporary file and no secret", () => {
  test.for([
    ["when it ends", [], undefined, 2],
    ["when its target crashes", ["--fault", "crash-on-cancel"], undefined, 1],
    ["after Ctrl-C", [], "SIGINT", 2],
    ["after SIGTERM", [], "SIGTERM", 2],
    ["when its terminal goes away", [], "SIGHUP", 2],
  ] as const)("%s", async ([, server, signal, exitCode], { onTestFinished }) => {
    const place = workplace(onTestFinished);
    const running = startRun(place, ...server);
    if (signal !== undefined) {
      await running.said("Playing");
      running.child.kill(signal);
    }
    const { code, stdout, stderr } = await running.ended;
    expect(place.leftBehind()).toEqual([]);
    const files = place.files("report");
    expect(Object.keys(files)).toContain("report/report.json");
    expect(leaksIn({ ...files, stdout, stderr }, keysOf(place))).toEqual([]);
    // Two plans do not exercise every must.
    expect(code).toBe(exitCode);
  });

  test("when it is interrupted twice", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const running = startRun(place);
    await running.said("Playing");
    running.child.kill("SIGINT");
    await running.said("Interrupted");
    running.child.kill("SIGINT");
    await running.ended;
    // RingTrue does not wait for what it has killed, and the system takes a moment over it.
    await vi.waitFor(() => expect(place.leftBehind()).toEqual([]), { timeout: 2_000 });
  });
});

describe("a run that ends before it has a result", () => {
  test("leaves none of an earlier run in its report directory", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const report = join(place.directory, "report/server/report.json");
    const aboutTopic = [...shortRun, "--requirement", "apns/topic"];
    expect((await place.run(...aboutTopic)).code).toBe(0);
    expect(existsSync(report)).toBe(true);
    const running = place.start(...aboutTopic);
    await running.said("Playing");
    expect(existsSync(report)).toBe(false);
    running.child.kill("SIGINT");
    await running.ended;
  });
});
