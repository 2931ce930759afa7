import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { main } from "./program.ts";
import { configText, referenceProgram, shortRun } from "./testing/config-text.ts";
import { type Ended, type Workplace, workplace } from "./testing/workplace.ts";

const conforming = [referenceProgram, "holding-proxy"];

/** What the program says when it refuses: in words for people, and with nothing left of the attempt. */
async function refusal(place: Workplace, args: readonly string[]): Promise<string> {
  const said = told(await place.run(...args));
  expect(place.leftBehind()).toEqual([]);
  return said;
}

/** The same within this process: what is refused before anything starts needs no program of its own. */
async function refusalAtOnce(args: readonly string[]): Promise<string> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await main(["node", "ringtrue", ...args], stdout, stderr);
  return told({ code, stdout: String(stdout.read() ?? ""), stderr: String(stderr.read() ?? "") });
}

function told({ code, stdout, stderr }: Ended): string {
  expect(stderr).toMatch(/^ringtrue: \S/);
  expect(`${stdout}${stderr}`).not.toMatch(/^\s+at /m);
  expect(code).toBe(3);
  return stderr;
}

describe.concurrent("the command line, exit code 3", () => {
  test.for([
    [["run", "--scenario", "caler-hangup"], 'There is no scenario "caler-hangup". Did you mean caller-hangup?'],
    [["run", "--requirement", "flow/target-survive"], "Did you mean flow/target-survives?"],
    [["run", "--requirement", "zebra"], "`ringtrue list requirements` shows them all."],
    [["run", "--fault", "crash-on-cance"], "Did you mean crash-on-cancel?"],
    [["run", "--profile", "rfc8598"], /rfc8599/],
    [
      ["run", "--reference", "asterisk"],
      "Allowed choices are holding-proxy, parallel-proxy, b2bua, connected, at-once.",
    ],
    [["run", "--role", "phone"], "Allowed choices are server, client"],
    [["run", "--reference", "b2bua", "--role", "client"], "--role client: b2bua is a server"],
    [["run", "--role", "client", "--requirement", "apns/topic"], "apns/topic: for server targets"],
    [["run", "--runs", "many"], "It must be a whole number from 0."],
    [["run", "--runs", "-1"], "It must be a whole number from 0."],
    [["run", "--seed", "9999999999"], "It must be a whole number from -2147483648 to 2147483647."],
    [["run", "--concurrency", "0"], "It must be a whole number from 1."],
    [["run", "--shard", "5/4"], "It must be like 1/4."],
    [["run", "--report-dir"], "argument missing"],
    [["run", "--sead", "1"], /Unknown option '--sead' \(Did you mean .*--seed/],
    [["run", "everything"], "Too many arguments for 'run'"],
    [["rnu"], "Unknown command 'rnu' (Did you mean run?)"],
    [["list", "mocks"], "It must be one of scenarios, requirements, profiles, features, faults."],
    [["explain", "flow/push-wake-phone"], "Did you mean flow/push-wakes-phone?"],
    [["explain"], "Missing required argument 'id'"],
    [["replay", "no-such.json"], "no-such.json cannot be read"],
    [["judge", "."], ". holds no run"],
    [["run", "--config", "no-such.ts"], "There is no config file no-such.ts"],
    [["run", "--config", "a.mjs", "--fault", "no-push"], "not with --config"],
  ] as const)("%s", async ([args, message]) => {
    expect(await refusalAtOnce(args)).toMatch(message);
  });

  test("comes from the program too, and leaves nothing", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    expect(await refusal(place, ["run", "--scenario", "caler-hangup"])).toMatch(
      /^ringtrue: .*Did you mean caller-hangup\?\n$/,
    );
    expect(readdirSync(place.directory)).toEqual([]);
  });

  test("a shard that has nothing to play", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    expect(await refusal(place, [...shortRun, "--shard", "999/999"])).toMatch(
      "Shard 999 of 999 is left without a plan",
    );
  });

  test("a replay file that is none", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    place.write("plan.json", "{}");
    place.write("torn.json", '{"schema": ');
    expect(await refusalAtOnce(["replay", join(place.directory, "plan.json")])).toMatch(
      'schema must be "ringtrue.replay/1"',
    );
    expect(await refusalAtOnce(["replay", join(place.directory, "torn.json")])).toMatch("torn.json is not JSON");
  });

  test("a report directory that cannot be made, or holds somebody else's files", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    place.write("file", "");
    mkdirSync(join(place.directory, "mine/server/cases"), { recursive: true });
    place.write("mine/server/cases/notes.txt", "precious");
    const into = async (name: string): Promise<string> =>
      await refusalAtOnce(["run", "--report-dir", join(place.directory, name)]);
    expect(await into("file")).toMatch(/file\S* cannot be written.*--report-dir/);
    expect(await into("mine")).toMatch("/mine/server/cases/notes.txt, which no run wrote");
    expect(place.files("mine")).toEqual({ "mine/server/cases/notes.txt": "precious" });
  });
});

describe.concurrent("a config, exit code 3", () => {
  test.for([
    ["misspells a key", configText(conforming, "deadlines_: {},"), "deadlines_ is not known. Did you mean deadlines?"],
    [
      "misspells a key further in",
      configText(conforming, "suite: { rnus: 3 },"),
      "suite.rnus is not known. Did you mean runs?",
    ],
    ["selects nothing", configText(conforming, "suite: { scenarios: [] },"), "suite.scenarios: must name a scenario"],
    [
      "selects what is not there",
      configText(conforming, 'suite: { requirements: ["apns/tpoic"] },'),
      "Did you mean apns/topic?",
    ],
    [
      "expects a failure of nothing",
      configText(conforming, 'expectedFailures: [{ requirement: "apns/tpoic", reason: "x" }],'),
      "expectedFailures: There is no requirement",
    ],
    [
      "expects one of no scenario",
      configText(
        conforming,
        'expectedFailures: [{ requirement: "apns/topic", reason: "x", scenario: "caller-hangpu" }],',
      ),
      "Did you mean caller-hangup?",
    ],
    ["is empty", "export default {};", "must export its config"],
    ["has no target", "export default { suite: {} };", "target is missing"],
    ["throws", 'throw new Error("no licence");', "cannot be loaded: no licence"],
    ["does not parse", "export default {", /^ringtrue: \S*acme\.mjs cannot be loaded: .*acme\.mjs:\d+:\d+\n$/],
    [
      "imports what is not there",
      'import "./missing.mjs"; export default {};',
      /^ringtrue: \S*acme\.mjs cannot be loaded: .*missing\.mjs'?\n$/,
    ],
  ] as const)("that %s", async ([, text, message], { onTestFinished }) => {
    const place = workplace(onTestFinished);
    place.write("acme.mjs", text);
    expect(await refusalAtOnce(["run", "--config", join(place.directory, "acme.mjs")])).toMatch(message);
  });

  test.for([
    [
      "binds to somebody else's address",
      configText(conforming, 'world: { bind: "203.0.113.7" },'),
      "world.bind: nothing can listen on 203.0.113.7",
    ],
    [
      "has arguments that throw",
      configText(conforming).replace("args: (world) =>", "args: (world) => world.sip.adress.host +"),
      "target.start.args threw: Cannot read properties of undefined",
    ],
    [
      "makes no list of arguments",
      configText(conforming).replace("args: (world) =>", "args: async (world) =>"),
      "target.start.args must return an array of strings, not a promise.",
    ],
    [
      "has an address that throws",
      configText(conforming).replace("address: (world) =>", "address: (world) => world.sip.adress.host +"),
      "target.sip.address threw: Cannot read properties of undefined",
    ],
    [
      "has an address that is none",
      configText(conforming).replace('["udp:127.0.0.1:"', '["127.0.0.1:"'),
      "target.sip.address must begin with udp:, tcp:, tls:, ws: or wss:",
    ],
    [
      "has no address for a transport",
      configText(conforming).replace(', "tcp:127.0.0.1:" + world.port("sip")', ""),
      "target.features.transports has tcp",
    ],
  ] as const)("that %s", async ([, text, message], { onTestFinished }) => {
    const place = workplace(onTestFinished);
    place.write("acme.mjs", text);
    expect(await refusal(place, [...shortRun, "--config", "acme.mjs"])).toMatch(message);
  });

  test("of JSON that is none", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    place.write("acme.json", '{"target": 1,}');
    expect(await refusalAtOnce(["run", "--config", join(place.directory, "acme.json")])).toMatch(
      "acme.json cannot be read as JSON",
    );
  });

  test("gives a port that is taken", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    place.write(
      "acme.mjs",
      `import { createServer } from "node:net";
       const server = createServer().listen(0, "127.0.0.1");
       await new Promise((resolve) => server.once("listening", resolve));
       server.unref();
       const { port } = server.address();
       ${configText(conforming, "world: { ports: { apns: port } },")}`,
    );
    expect(await refusal(place, [...shortRun, "--config", "acme.mjs"])).toMatch(
      /world\.ports\.apns: .* port \d+ \(.*EADDRINUSE/,
    );
  });
});
