import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { apnsReasons } from "../apns/apns-reason.ts";
import { createApnsMock, type ApnsMock } from "../standalone/apns-mock.ts";
import { createFcmMock, type FcmMock } from "../standalone/fcm-mock.ts";
import { CALL, issued, TOPIC } from "./testing/calls.ts";
import { found } from "./testing/found.ts";
import { files, isThere, run, type Files, type Ran } from "./testing/system-program.ts";
import { curl, type Provocations } from "./testing/vendor-clients.ts";

describe.runIf(isThere("curl"))("curl", () => {
  let apns: ApnsMock;
  let fcm: FcmMock;
  let place: Files;

  beforeAll(async () => {
    [apns, fcm] = await Promise.all([createApnsMock(), createFcmMock({ calls: true })]);
    place = files({ apns, fcm });
    place.write("certificate.pem", apns.credentials.certificatePem);
    place.write("key.pem", apns.credentials.certificateKeyPem);
  });
  beforeEach(() => {
    apns.clear();
    fcm.clear();
  });
  afterAll(async () => {
    await Promise.all([apns.close(), fcm.close()]);
    place.remove();
  });

  const ask = async (...args: readonly string[]): Promise<Ran> =>
    await run("curl", ["--no-progress-meter", "-i", "--cacert", place.path("ca.pem"), ...args]);
  const fields = (headers: Readonly<Record<string, string>>): readonly string[] =>
    Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const byToken = (): readonly string[] => fields({ authorization: `bearer ${apns.providerToken()}` });
  const voip = fields({ "apns-topic": TOPIC, "apns-push-type": "voip", "apns-priority": "10", "apns-expiration": "0" });
  const push = async (...args: readonly string[]): Promise<Ran> =>
    await ask("--http2", ...voip, "-d", JSON.stringify(CALL), ...args);

  test.each([
    ["a provider token", byToken],
    ["a certificate", () => ["--cert", place.path("certificate.pem"), "--key", place.path("key.pem")]],
  ])("pushes with %s", async (_by, credentials) => {
    const token = apns.issueToken();
    const { code, stdout } = await push(...credentials(), `${apns.url}/3/device/${token}`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^HTTP\/2 200 \r\napns-id: [\dA-F-]{36}\r\n\r\n$/);
    expect(await apns.nextPush()).toMatchObject({ token, payload: CALL });
    apns.expectNoFindings();
  });

  test("pushes to Apple's own name, connected to the mock", async () => {
    const [token = ""] = issued(apns, 1);
    const to = ["--connect-to", `api.push.apple.com:443:${apns.host}:${apns.port}`];
    const { stdout } = await push(...byToken(), ...to, `https://api.push.apple.com/3/device/${token}`);
    expect(stdout).toMatch(/^HTTP\/2 200/);
    apns.expectNoFindings();
  });

  test("is given each of Apple's reasons as JSON, and nothing but a reason", async () => {
    const tokens = new Map(apnsReasons.map(({ reason }) => [apns.issueToken(), reason]));
    for (const [token, reason] of tokens) apns.answer(token, reason);
    const urls = [...tokens.keys()].map((token) => `${apns.url}/3/device/${token}`);
    const { stdout } = await push(...byToken(), ...urls);
    const reasons = [...stdout.matchAll(/^\{"reason":"(\w+)"/gm)].map(([, reason]) => reason);
    expect(reasons).toEqual([...tokens.values()]);
    const statuses = [...stdout.matchAll(/HTTP\/2 (\d+)/g)].map(([, status]) => Number(status));
    expect(statuses).toEqual(apnsReasons.map(({ status }) => status));
  });

  test.each([
    ["HTTP/1.1", ["--http1.1"], "no application protocol"],
    ["TLS 1.1", ["--tls-max", "1.1"], "protocol version"],
  ])("is refused in TLS when it speaks %s", async (_what, args, alert) => {
    const { code, stderr } = await ask(...args, "-d", "{}", `${apns.url}/3/device/${apns.issueToken()}`);
    expect(code).toBe(35);
    expect(stderr).toContain(alert);
    await expect.poll(() => apns.connectionProblems[0]?.failed).toContain("TLS");
    expect(apns.pushes).toEqual([]);
  });

  test.each(["--http1.1", "--http2"])("sends a message to FCM by %s", async (version) => {
    const token = fcm.issueToken();
    const message = { message: { token, data: CALL, android: { priority: "HIGH", ttl: "20s" } } };
    const headers = { authorization: `Bearer ${await fcm.accessToken()}`, "content-type": "application/json" };
    const url = `${fcm.url}/v1/projects/${fcm.credentials.projectId}/messages:send`;
    const { stdout } = await ask(version, ...fields(headers), "-d", JSON.stringify(message), url);
    expect(stdout).toMatch(/^HTTP\/(?:1\.1|2) 200/);
    expect(await fcm.nextPush()).toMatchObject({ token, became: "delivered" });
    fcm.expectNoFindings();
    const refused = await ask(version, "-H", "content-type: application/json", "-d", JSON.stringify(message), url);
    expect(refused.stdout).toContain('"UNAUTHENTICATED"');
    expect(found(fcm)).toEqual(["fcm/authentication missing-access-token"]);
  });

  const provocations: Provocations<typeof curl, () => Promise<unknown>> = {
    async "apns/connection-reuse connection-per-push"() {
      for (const token of issued(apns, 4)) await push(...byToken(), `${apns.url}/3/device/${token}`);
    },
    async "apns/header-indexing reindexed-field"() {
      const [first = "", second = ""] = issued(apns, 2).map((token) => `${apns.url}/3/device/${token}`);
      const soon = [...voip.slice(0, -1), `apns-expiration: ${Math.floor(Date.now() / 1000) + 20}`];
      const next = ["--next", "--http2", "--cacert", place.path("ca.pem"), ...soon, "-d", JSON.stringify(CALL)];
      await push(...byToken(), first, ...next, ...byToken(), second);
    },
  };

  test.each(curl.habits)("draws $finding: $when", async ({ finding }) => {
    await provocations[finding]();
    await expect.poll(() => found(apns)).toEqual([finding]);
  });
});
