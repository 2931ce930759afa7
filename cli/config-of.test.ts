import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { UsageError } from "../harness/errors.ts";
import type { Reference } from "../scenarios/faults/fault.ts";
import { faults } from "../scenarios/faults/faults.ts";
import { configOf, configsOf, type ConfigOptions } from "./config-of.ts";
import { references, referenceClients } from "./embedded-default.ts";

/** Role and name of each target the options stand for. */
async function targetsOf(options: ConfigOptions): Promise<readonly string[]> {
  const { configs } = await configsOf(options);
  return configs.map(({ target }) => `${target.role}: ${target.name}`);
}

function isClient(reference: Reference): boolean {
  return referenceClients.some((one) => one === reference);
}

async function complaint(options: ConfigOptions): Promise<string> {
  const error: unknown = await configsOf(options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof UsageError ? error.message : `no UsageError: ${String(error)}`;
}

/** A config file with that text. */
function file(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), "config-of-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, "acme.json");
  writeFileSync(path, text);
  return path;
}

const appConfig = JSON.stringify({
  target: { name: "Acme Phone", version: "1", role: "client", start: { kind: "process", command: "acme" } },
});

describe("without a config", () => {
  test("a server and a client are tested, or the one that was asked for", async () => {
    const [server, client] = [
      "server: RingTrue reference holding-proxy",
      "client: RingTrue reference client connected",
    ];
    expect(await targetsOf({})).toEqual([server, client]);
    expect(await targetsOf({ role: "server" })).toEqual([server]);
    expect(await targetsOf({ role: "client" })).toEqual([client]);
  });

  test.each(references)("the reference %s is found by its name", async (reference) => {
    const role = isClient(reference) ? "client" : "server";
    expect(await targetsOf({ reference })).toEqual([expect.stringMatching(`^${role}: .*${reference}$`)]);
  });

  test("a fault is planted in the reference target it is of, or in another of the same role", async () => {
    const fault = "topic-without-voip";
    expect(await targetsOf({ fault })).toEqual([`server: RingTrue reference holding-proxy with fault ${fault}`]);
    expect(await targetsOf({ fault, reference: "b2bua" })).toEqual([
      `server: RingTrue reference b2bua with fault ${fault}`,
    ]);
    expect(await complaint({ fault, reference: "connected" })).toBe(
      "--reference connected: the fault topic-without-voip is one of servers.",
    );
  });

  test("a fault by whose name there is one of each role is planted where it is wanted", async () => {
    const namesakes = faults.filter(
      ({ name, reference }) =>
        isClient(reference) && faults.some((two) => two.name === name && !isClient(two.reference)),
    );
    for (const { name: fault } of namesakes) {
      expect(await complaint({ fault })).toBe(`--fault ${fault} is one of servers and one of clients: add --role.`);
      for (const role of ["server", "client"] as const)
        expect(await targetsOf({ fault, role })).toEqual([expect.stringMatching(`^${role}: .* with fault ${fault}$`)]);
    }
    expect(await targetsOf({ fault: "completes-twice" })).toEqual([expect.stringMatching(/^client: /)]);
  });

  test("a role that is not that of the reference or fault is refused", async () => {
    expect(await complaint({ role: "client", reference: "b2bua" })).toBe("--role client: b2bua is a server.");
    expect(await complaint({ role: "server", reference: "at-once" })).toBe("--role server: at-once is a client.");
    expect(await complaint({ role: "client", fault: "topic-without-voip" })).toBe(
      "--role client: the fault topic-without-voip is one of servers.",
    );
    expect(await complaint({ fault: "topic-without-viop" })).toContain("Did you mean topic-without-voip?");
  });

  test("what the command line says holds for both targets", async () => {
    const { configs } = await configsOf({ runs: 3, seed: 7, concurrency: 2, strict: true, reportDir: "elsewhere" });
    expect(configs).toHaveLength(2);
    for (const { suite, reports } of configs) {
      expect(suite).toMatchObject({ runs: 3, seed: 7, concurrency: 2, strict: true });
      expect(reports.directory).toBe("elsewhere");
    }
  });
});

describe("with a config", () => {
  test("its one target is tested, whose role may be named and nothing else", async () => {
    const config = file(appConfig);
    expect(await targetsOf({ config })).toEqual(["client: Acme Phone"]);
    expect(await targetsOf({ config, role: "client" })).toEqual(["client: Acme Phone"]);
    expect((await configOf({ config, role: "client" })).source).toBe(config);
    expect(await complaint({ config, role: "server" })).toBe(`--role server: the target of ${config} is a client.`);
  });

  test("neither references nor faults can be named", async () => {
    for (const option of [{ fault: "topic-without-voip" }, { reference: "connected" } as const])
      expect(await complaint({ config: file(appConfig), ...option })).toContain("go with the embedded targets");
  });

  test("an unknown number of a simulated phone is named with the file", async () => {
    const config = file(appConfig.replace(/\}$/, ', "os": { "coldStart": 1 } }'));
    expect(await complaint({ config })).toBe(`${config}: os.coldStart is not known. Did you mean coldStartMs?`);
  });

  test("an unknown profile is named", async () => {
    expect(await complaint({ config: file(appConfig), profile: "rfc8598" })).toContain("rfc8599");
  });
});
