import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { configText, faultyText, referenceProgram, shortRun } from "./testing/config-text.ts";
import { failedIn, reportOf } from "./testing/report-of.ts";
import { type Ended, type Workplace, workplace } from "./testing/workplace.ts";

const aboutTopic = [...shortRun, "--requirement", "apns/topic"];
const conforming = [referenceProgram, "holding-proxy"];

async function runWith(place: Workplace, config: string, ...args: readonly string[]): Promise<Ended> {
  place.write("ringtrue.config.mjs", config);
  return await place.run(...aboutTopic, ...args);
}

function expecting(more: string): string {
  return `expectedFailures: [{ requirement: "apns/topic", reason: "ACME-12"${more} }],`;
}

describe.concurrent("exit code 0", () => {
  test("is a conforming target", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const { code, stdout } = await place.run(...aboutTopic);
    expect(stdout).toContain("CONFORMANT");
    expect(code).toBe(0);
    expect(reportOf(place, "report/server").verdict).toBe("pass");
  });

  test("is a target whose only failures are expected, and it says so", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const { code, stdout } = await runWith(
      place,
      faultyText("topic-without-voip", expecting(', expires: "2999-01-01"')),
    );
    expect(code).toBe(0);
    expect(reportOf(place)).toMatchObject({ verdict: "pass-with-waivers", expectedFailures: [{ state: "used" }] });
    expect(stdout).toMatch(/ACME-12/);
  });

  test("is a target that fails a should, unless --strict is given", async ({ onTestFinished }) => {
    const run = [...shortRun, "--requirement", "sip/feature-caps", "--fault", "no-feature-caps"];
    const [lenient, strict] = [workplace(onTestFinished), workplace(onTestFinished)];
    const [withWarning, counted] = await Promise.all([lenient.run(...run), strict.run(...run, "--strict")]);
    expect(failedIn(reportOf(lenient, "report/server"))).toEqual(["sip/feature-caps"]);
    expect([withWarning.code, counted.code]).toEqual([0, 1]);
    expect(withWarning.stdout).toContain("1 warning");
  });
});

describe.concurrent("exit code 1", () => {
  test("is a must that fails", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const { code } = await place.run(...aboutTopic, "--fault", "topic-without-voip");
    expect(code).toBe(1);
    expect(reportOf(place, "report/server")).toMatchObject({
      verdict: "fail",
      counterexamples: [{ requirement: "apns/topic", mismatch: "topic-not-voip" }],
    });
  });

  test("is an expected failure past its date", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const { code, stdout } = await runWith(
      place,
      faultyText("topic-without-voip", expecting(', expires: "2020-01-01"')),
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/ACME-12.* expired on 2020-01-01/);
  });

  test("is an expected failure that does not happen", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const { code, stdout } = await runWith(place, configText(conforming, expecting("")));
    expect(code).toBe(1);
    expect(failedIn(reportOf(place))).toEqual([]);
    expect(stdout).toMatch(/ACME-12.* did not happen: take it away/);
  });

  test("is a failure that an expected one of another reason does not cover", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const { code } = await runWith(place, faultyText("topic-without-voip", expecting(', mismatch: "missing-topic"')));
    expect(code).toBe(1);
  });

  test("is a target that dies again in the same case, on a fresh start", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const { code, stdout } = await place.run(...shortRun, "--fault", "crash-on-cancel");
    expect(code).toBe(1);
    expect(failedIn(reportOf(place, "report/server"))).toContain("flow/target-survives");
    expect(stdout).toContain("The target is up again.");
  });
});

describe.concurrent("a target that dies once", () => {
  test("is judged from what it does after its fresh start", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    place.write(
      "dies-once.mjs",
      `import { existsSync, writeFileSync } from "node:fs";
       const been = process.env.RINGTRUE_DIRECTORY + "/been";
       if (!existsSync(been)) process.argv.push("--fault", "crash-on-cancel");
       writeFileSync(been, "");
       await import(${JSON.stringify(referenceProgram)});`,
    );
    place.write("ringtrue.config.mjs", configText(["dies-once.mjs", "holding-proxy"]));
    const { code, stdout } = await place.run(...aboutTopic, "--requirement", "flow/target-survives");
    expect(stdout.match(/The target ended by itself/g)).toHaveLength(1);
    expect(stdout).toContain("The target is up again.");
    expect(reportOf(place).requirements.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      "flow/target-survives pass",
      "apns/topic pass",
    ]);
    expect(code).toBe(0);
  });
});

describe.concurrent("exit code 2", () => {
  test("is a must that the scenarios can exercise and nothing did", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const { code, stdout } = await place.run(...shortRun, "--requirement", "sip/cancel-matches-invite");
    expect(stdout).toContain("sip/cancel-matches-invite was not exercised");
    expect(code).toBe(2);
  });

  test("is a run that was interrupted, with a report of what there is", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const running = place.start(...aboutTopic);
    await running.said("Playing");
    running.child.kill("SIGINT");
    const { code, stdout } = await running.ended;
    expect(code).toBe(2);
    expect(stdout).toContain("Interrupted");
    expect(reportOf(place, "report/server")).toMatchObject({
      verdict: "inconclusive",
      run: { interrupted: true, complete: false },
    });
  });

  test("is a run that was interrupted before its target was ready", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    place.write("ringtrue.config.mjs", configText(["-e", "console.log('up'); setInterval(() => {}, 1000)", "--"]));
    const running = place.start(...aboutTopic);
    await running.said("against Acme");
    running.child.kill("SIGINT");
    const { code, stderr } = await running.ended;
    expect(stderr).toMatch(/^ringtrue: The start of the target Acme was interrupted.*\n$/);
    expect(code).toBe(2);
    expect(place.leftBehind()).toEqual([]);
  });
});

describe.concurrent("exit code 4", () => {
  test.for([
    [
      "a target that exits at once",
      ["-e", "console.error('no licence'); process.exit(3)", "--"],
      /ended \(exit code 3\)[^]*no licence/,
    ],
    ["a target whose program is missing", ["no-such-file.mjs"], /ended \(exit code 1\)[^]*Cannot find module/],
  ] as const)("is %s, with its last output", async ([, args, message], { onTestFinished }) => {
    const place = workplace(onTestFinished);
    place.write("ringtrue.config.mjs", configText(args));
    const { code, stderr } = await place.run(...aboutTopic);
    expect(stderr).toMatch(/^ringtrue: The target Acme ended/);
    expect(stderr).toMatch(message);
    expect(code).toBe(4);
  });

  test.for([
    [
      "a target that never becomes ready",
      'processTarget({ command: process.execPath, args: ["-e", "setInterval(() => {}, 1000)"], ready: { log: "up", timeoutMs: 300 } })',
      'no line of output with "up" within 300 ms. It wrote nothing.',
    ],
    [
      "a target that cannot be started",
      'processTarget({ command: "acme-nope" })',
      'Is the command "acme-nope" installed',
    ],
    [
      "a target elsewhere that does not answer",
      'remoteTarget({ ready: { sip: "udp:127.0.0.1:9", timeoutMs: 300 } })',
      "no answer to OPTIONS at udp:127.0.0.1:9 within 300 ms",
    ],
  ] as const)("is %s", async ([, start, message], { onTestFinished }) => {
    const place = workplace(onTestFinished);
    place.write(
      "ringtrue.config.mjs",
      `import { processTarget, remoteTarget } from "ringtrue";
       export default { target: { name: "Acme", version: "1", start: ${start}, sip: { address: "udp:127.0.0.1:9" } } };`,
    );
    const { code, stderr } = await place.run(...aboutTopic);
    expect(stderr).toMatch(/^ringtrue: The target /);
    expect(stderr).toContain(message);
    expect(code).toBe(4);
    expect(place.leftBehind()).toEqual([]);
  });

  test("is an error outside of every call, and nothing is left behind", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const later = 'setTimeout(() => { throw new Error("boom"); }, 1500);';
    place.write("ringtrue.config.mjs", `${later}\n${configText(conforming)}`);
    const { code, stderr } = await place.run(...aboutTopic);
    expect(stderr).toMatch(/^ringtrue: internal error, please report it: Error: boom/);
    expect(code).toBe(4);
    expect(place.leftBehind()).toEqual([]);
  });

  test("is a place for keys that RingTrue cannot have", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished, { TMPDIR: "/no/such/place" });
    const { code, stderr } = await place.run(...aboutTopic);
    expect(stderr).toMatch(/^ringtrue: No directory for the run's keys can be made in \/no\/such\/place .*TMPDIR.*\n$/);
    expect(code).toBe(4);
  });

  test("is a report that could not be written, whatever it says", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const running = place.start(...aboutTopic);
    await running.said("Playing");
    // A directory in the place of the report: root, too, cannot write that file.
    mkdirSync(join(place.directory, "report/server/junit.xml/taken"), { recursive: true });
    const { code, stderr } = await running.ended;
    expect(stderr).toMatch(
      /^ringtrue: Reports could not be written: report\/server\/junit.xml .*Written: .*report.json/,
    );
    expect(code).toBe(4);
  });
});
