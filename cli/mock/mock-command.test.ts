import { execFile } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { post } from "../../mocks/standalone/testing/push-client.ts";
import { main } from "../program.ts";
import { workplace } from "../testing/workplace.ts";
import { startedMock, type StartedMock } from "./testing/started-mock.ts";

const adapter = fileURLToPath(new URL("../../mocks/device-link/testing/test-adapter.js", import.meta.url));

async function push(
  { world }: StartedMock,
  token: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  const providerToken = await (await fetch(`${world.admin?.url}/provider-token`)).text();
  const apns = { url: world.apns!.url, caPem: readFileSync(world.tls.caFile, "utf8") };
  const fields = {
    authorization: `bearer ${providerToken}`,
    "apns-topic": world.apns!.topic,
    "apns-push-type": "voip",
    "apns-expiration": "0",
    ...headers,
  };
  return (await post(apns, `/3/device/${token}`, fields, '{"callUUID":"6f1c2a3e"}')).status;
}

describe.concurrent("ringtrue mock", () => {
  test("prints its world as one line, then a line for each push, and ends with Ctrl-C leaving nothing", async ({
    onTestFinished,
  }) => {
    const place = workplace(onTestFinished);
    const mock = await startedMock(place, "--answer", "any=TooManyRequests*1");
    const { world } = mock;
    expect(world).toMatchObject({
      kind: "world",
      apns: { host: "127.0.0.1", topic: "com.example.phone.voip" },
      fcm: { host: "127.0.0.1", oauthUrl: `${world.fcm?.url}/token` },
    });
    expect(statSync(world.directory).mode & 0o777).toBe(0o700);
    const { keyFile, clientCertificateFile, clientKeyFile } = world.apns!;
    for (const file of [
      world.tls.caFile,
      keyFile,
      clientCertificateFile,
      clientKeyFile,
      world.fcm!.serviceAccountFile,
    ]) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    expect(await push(mock, "0a".repeat(32))).toBe(429);
    expect(await push(mock, "0b".repeat(32), { "apns-priority": "5" })).toBe(200);
    expect(await mock.next("push")).toMatchObject({ number: 1, status: 429, scripted: true });
    expect(await mock.next("push")).toMatchObject({
      number: 2,
      token: "0b".repeat(32),
      findings: [{ rule: "apns/priority", source: expect.stringContaining("Apple") as string }],
    });
    mock.running.child.kill("SIGINT");
    expect(await mock.running.ended).toMatchObject({ code: 0, stderr: "" });
    expect(place.leftBehind()).toEqual([]);
    expect(existsSync(world.directory)).toBe(false);
  });

  test("shows pushes that can be pasted into a shell, and then shows them as they come", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const running = place.start("mock", "--directory", "it's here");
    let text = "";
    running.child.stdout?.on("data", (chunk: string) => (text += chunk));
    await running.said("Pushes:");
    for (const [command] of text.matchAll(/^curl (?:.*\\\n)*.*$/gm)) {
      const { stdout } = await promisify(execFile)("bash", ["-c", command], { cwd: place.directory });
      expect(stdout).toMatch(/^HTTP\/2 200|"name": "projects\//m);
    }
    await running.said("  fcm ");
    expect(text).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3}  apns  [\da-f]{8}…[\da-f]{4}  voip com\.example\.phone\.voip  200: delivered$/m,
    );
    expect(text).toMatch(/^\d\d:\d\d:\d\d\.\d{3}  fcm   .{8}….{4}  data high  200: delivered$/m);
    running.child.kill("SIGTERM");
    expect((await running.ended).code).toBe(0);
    expect(Object.keys(place.files("it's here")).toSorted()).toEqual(
      ["AuthKey.p8", "apns-client.key", "apns-client.pem", "ca.pem", "service-account.json"].map(
        (name) => `it's here/${name}`,
      ),
    );
  });

  test("starts only what is asked for, on the ports and for the app that are named", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const mock = await startedMock(
      place,
      "apns",
      "--strict",
      "--bundle-id",
      "org.acme.phone",
      "--advertise",
      "localhost",
    );
    expect(mock.world.fcm).toBeUndefined();
    expect(mock.world.apns).toMatchObject({ host: "localhost", topic: "org.acme.phone.voip" });
    const body = JSON.stringify({ service: "apns", topic: "org.acme.phone.voip" });
    const issued = await fetch(`${mock.world.admin?.url}/tokens`, { method: "POST", body });
    const { token } = (await issued.json()) as { readonly token: string };
    expect(await push(mock, token)).toBe(200);
    expect(await push(mock, "00".repeat(32))).toBe(400);
    const taken = await place.run("mock", "apns", "--port-apns", `${mock.world.apns?.port}`);
    expect(taken.code).toBe(3);
    expect(taken.stderr).toMatch(/^ringtrue: --port-apns: the simulated APNs cannot listen .*EADDRINUSE/);
    const admin = await place.run("mock", "fcm", "--admin-port", new URL(mock.world.admin!.url).port);
    expect(admin.code).toBe(3);
    expect(admin.stderr).toMatch(/^ringtrue: --admin-port: .*EADDRINUSE/);
  });

  test("hands pushes to apps on simulated devices, and shows what they say", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const mock = await startedMock(place, "device", "--", process.execPath, adapter, "conforming");
    const { device, token } = (await mock.next("device", { event: "launched", platform: "ios" })) as {
      readonly device: string;
      readonly token: string;
    };
    expect(await push(mock, token)).toBe(200);
    expect(
      await mock.next("device", { event: "said", device, method: "provider.reportNewIncomingCall" }),
    ).toMatchObject({
      params: { uuid: "6f1c2a3e" },
    });
    mock.running.child.kill("SIGINT");
    expect(await mock.running.ended).toMatchObject({ code: 0, stderr: "" });
    expect(place.leftBehind()).toEqual([]);
  });

  test("gives apps an address to connect to where no adapter is named", async ({ onTestFinished }) => {
    const mock = await startedMock(workplace(onTestFinished), "apns", "device");
    expect(mock.world.deviceLink?.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/[\da-f]{32}$/);
    mock.running.child.kill("SIGINT");
    expect((await mock.running.ended).code).toBe(0);
  });
});

describe("ringtrue mock refuses", () => {
  test.each([
    [["apsn"], "It must be one of apns, fcm, device"],
    [["--port-apns", "99999"], "It must be a port"],
    [["--answer", "any"], "--answer must be like TOKEN=410:Unregistered"],
    [["--answer", "any=Unregisterd"], "Unregisterd is no answer. There are:"],
    [["fcm", "--answer", "any=Unregistered"], "it is an answer of APNs, which is not started"],
    [["--profile", "rfc9999"], 'there is no profile "rfc9999"'],
    [["--account", "/nowhere.json"], "--account: /nowhere.json cannot be read as JSON"],
    [["--directory", "/dev/null/none"], "--directory: the credentials cannot be written to /dev/null/none"],
    [["--", "node", "adapter.js"], "ringtrue mock device -- node adapter.js"],
    [["--bind", "192.0.2.1"], "--bind: the simulated APNs cannot listen on 192.0.2.1"],
    [["fcm", "--port-apns", "4433"], "--port-apns goes with apns, which is not started: fcm is"],
    [["apns", "--calls"], "--calls goes with fcm, which is not started: apns is"],
    [["--bundle-id", ""], '--bundle-id must be like com.example.phone, not ""'],
    [["--project-id", "my project"], '--project-id must be like my-project, not "my project"'],
    [["--redirects"], "Unknown option '--redirects'"],
  ])("%j", async (args, message) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    expect(await main(["node", "ringtrue", "mock", ...args], stdout, stderr)).toBe(3);
    expect(String(stderr.read())).toContain(message);
    expect(stdout.read()).toBeNull();
  });

  test("an adapter that cannot be driven, with exit code 4", async () => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const args = ["node", "ringtrue", "mock", "apns", "device", "--", process.execPath, adapter, "agrees"];
    expect(await main(args, stdout, stderr)).toBe(4);
    expect(String(stderr.read())).toContain("The adapter cannot be driven");
  });
});
