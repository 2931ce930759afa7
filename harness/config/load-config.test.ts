import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { testWorldFacts } from "../run/testing/test-facts.ts";
import { findConfig, loadConfig } from "./load-config.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ringtrue-config-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Writes a config and loads it, from a directory in which nothing is installed. */
async function load(name: string, text: string): ReturnType<typeof loadConfig> {
  writeFileSync(join(directory, name), text);
  return await loadConfig(name, directory);
}

const TARGET = 'name: "Acme", version: "1", start: remoteTarget(), sip: { address: "udp:127.0.0.1:5060" }';

describe("a config file", () => {
  test.each(["ringtrue.config.ts", "ringtrue.config.js", "ringtrue.config.mjs"])(
    "%s imports ringtrue where it is not installed",
    async (name) => {
      const config = await load(
        name,
        `import { defineConfig, remoteTarget } from "ringtrue";\nexport default defineConfig({ target: { ${TARGET} } });`,
      );
      expect(config.target.name).toBe("Acme");
      expect(config.target.start).toEqual([{ kind: "remote" }]);
      expect(findConfig(directory)).toBe(join(directory, name));
    },
  );

  test("in TypeScript may use types, other files and functions of the world", async () => {
    writeFileSync(join(directory, "name.ts"), "export const name: string = 'Acme';");
    const config = await load(
      "other.config.ts",
      `import { defineConfig, processTarget, subscriberPool, type Config } from "ringtrue";
       import { name } from "./name.ts";
       const config: Config = {
         target: {
           name, version: "1",
           start: [processTarget({ command: "acme", args: (world) => ["-c", world.file("a.conf")], ready: { log: /listening/ } })],
           sip: { address: (world) => \`udp:127.0.0.1:\${world.port("sip")}\` },
           subscribers: subscriberPool([{ aor: "sip:ada@example.test", username: "ada" }]),
         },
       };
       export default defineConfig(config);`,
    );
    const [start] = config.target.start;
    const world = testWorldFacts("/run");
    expect(start?.kind === "process" && typeof start.args === "function" && start.args(world)).toEqual([
      "-c",
      "/run/a.conf",
    ]);
    expect(typeof config.target.sip.address === "function" && config.target.sip.address(world)).toEqual([
      "udp:127.0.0.1:20003",
    ]);
    expect(config.target.subscribers).toEqual({
      kind: "pool",
      accounts: [{ aor: "sip:ada@example.test", username: "ada" }],
    });
  });

  test("in JSON needs no TypeScript", async () => {
    const config = await load(
      "ringtrue.config.json",
      JSON.stringify({
        target: {
          name: "Acme",
          version: "1",
          start: { kind: "process", command: "acme", ready: { log: "listening" } },
          sip: { address: ["udp:127.0.0.1:5060", "tcp:127.0.0.1:5060"] },
        },
      }),
    );
    expect(config.target.start).toEqual([{ kind: "process", command: "acme", ready: { log: "listening" } }]);
    expect(config.target.features.transports).toEqual(["udp", "tcp"]);
  });

  test.each<[string, string, RegExp]>([
    ["bad.json", "{", /bad\.json cannot be read as JSON/],
    ["bad.ts", "export default {", /bad\.ts cannot be loaded/],
    ["bad.ts", "throw new Error('my own');", /bad\.ts cannot be loaded: my own/],
    ["bad.ts", "export const config = {};", /bad\.ts/],
    ["bad.ts", 'import "no-such-package";', /no-such-package/],
    ["bad.yaml", "", /ends in \.ts, \.js, \.mjs or \.json/],
    [
      "bad.ts",
      'import { containerTarget } from "ringtrue";\nexport default { start: containerTarget({}) };',
      /this version of RingTrue has no containerTarget/,
    ],
  ])("%s with %j is a UsageError that says so", async (name, text, message) => {
    const failing = load(name, text);
    await expect(failing).rejects.toThrow(UsageError);
    await expect(failing).rejects.toThrow(message);
  });

  test("that is not there is a UsageError", async () => {
    await expect(loadConfig("none.ts", directory)).rejects.toThrow(/There is no config file none\.ts/);
    expect(findConfig(directory)).toBeUndefined();
  });
});
