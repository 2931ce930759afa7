import { request } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { liveClock } from "../../../harness/clock/clock.ts";
import { createTestAuthority } from "../../tls/test-authority.ts";
import { startApnsMock, type ApnsMock } from "../apns-mock.ts";
import { startFcmMock, type FcmMock } from "../fcm-mock.ts";
import { pushLog } from "../push-log.ts";
import { pushApns, pushFcm } from "../testing/push-client.ts";
import { answerAdminRequest } from "./admin-api.ts";
import { startAdminServer, type AdminServer } from "./admin-server.ts";

let apns: ApnsMock;
let fcm: FcmMock;
let admin: AdminServer;

beforeAll(async () => {
  const clock = liveClock();
  const world = { clock, log: pushLog({ clock }), authority: await createTestAuthority() };
  apns = await startApnsMock({}, world);
  fcm = await startFcmMock({}, world);
  const subject = { apns, fcm, log: world.log, world: () => ({ directory: "/somewhere" }) };
  admin = await startAdminServer(0, (asked) => answerAdminRequest(asked, subject));
});

afterAll(async () => {
  await Promise.all([apns.close(), fcm.close()]);
  await admin.close();
});

beforeEach(() => {
  apns.clear();
  fcm.clear();
});

async function ask(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await fetch(`${admin.url}${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get("content-type") === "application/json";
  return { status: answer.status, body: isJson ? (JSON.parse(text) as unknown) : text };
}

describe("the admin API", () => {
  test("says what it can do and where the mocks are", async () => {
    expect(await ask("GET", "/")).toMatchObject({
      status: 200,
      body: { routes: expect.arrayContaining(["GET /pushes"]) as unknown },
    });
    expect(await ask("GET", "/world")).toEqual({ status: 200, body: { directory: "/somewhere" } });
  });

  test("issues tokens and takes them back", async () => {
    const issued = await ask("POST", "/tokens", { service: "apns", topic: "com.example.phone.voip" });
    const { token } = issued.body as { readonly token: string };
    expect(issued).toEqual({ status: 201, body: { service: "apns", token } });
    expect((await pushApns(apns, token)).status).toBe(200);
    await ask("POST", `/tokens/${token}/unregister`, { sinceMs: 1_700_000_000_000 });
    expect(JSON.parse((await pushApns(apns, token)).body)).toEqual({
      reason: "Unregistered",
      timestamp: 1_700_000_000_000,
    });
    const ofFcm = (await ask("POST", "/tokens", { service: "fcm" })).body as { readonly token: string };
    expect((await ask("POST", `/tokens/${encodeURIComponent(ofFcm.token)}/unregister`)).status).toBe(200);
    expect((await pushFcm(fcm, ofFcm.token)).status).toBe(404);
  });

  test("holds the pushes for a phone that is switched off until it is back", async () => {
    const token = apns.issueToken();
    await ask("POST", `/tokens/${token}/unreachable`);
    await pushApns(apns, token, { "apns-expiration": `${Math.floor(Date.now() / 1000) + 30}` });
    const [{ number, became } = {}] = apns.pushes;
    expect(became).toBe("stored");
    expect((await ask("POST", `/tokens/${token}/reachable`)).body).toEqual({ delivered: [number] });
  });

  test("scripts answers, lists them and takes them away", async () => {
    const token = apns.issueToken();
    await ask("POST", "/answers", { service: "apns", token, answer: "Unregistered", times: 1 });
    await ask("POST", "/answers", {
      service: "fcm",
      token: "any",
      answer: { kind: "status", status: 429, reason: "QUOTA_EXCEEDED", retryAfterS: 3 },
    });
    expect((await ask("GET", "/answers")).body).toMatchObject({
      answers: [
        { service: "apns", token, answer: "Unregistered", times: 1 },
        { service: "fcm", token: "any" },
      ],
    });
    expect([(await pushApns(apns, token)).status, (await pushApns(apns, token)).status]).toEqual([410, 200]);
    expect((await pushFcm(fcm, fcm.issueToken())).status).toBe(429);
    await ask("DELETE", "/answers");
    expect((await pushFcm(fcm, fcm.issueToken())).status).toBe(200);
  });

  test("waits for the push that is asked for, and gives those after a number", async () => {
    const [token, other] = [apns.issueToken(), fcm.issueToken()];
    const waiting = ask("GET", `/pushes?token=${token}&waitMs=5000`);
    await pushFcm(fcm, other);
    await pushApns(apns, token);
    const { last, pushes } = (await waiting).body as {
      readonly last: number;
      readonly pushes: readonly { readonly token: string }[];
    };
    expect(pushes.map((push) => push.token)).toEqual([token]);
    expect((await ask("GET", `/pushes?after=${last}&waitMs=1`)).body).toEqual({ pushes: [], last });
    expect((await ask("GET", "/pushes?service=fcm")).body).toMatchObject({ pushes: [{ token: other }] });
    await ask("DELETE", "/pushes");
    expect((await ask("GET", "/pushes")).body).toEqual({ pushes: [], last: 0 });
  });

  test("lists what was done wrong, by push", async () => {
    await pushApns(apns, apns.issueToken(), { "apns-priority": "5" });
    const [{ number } = {}] = apns.pushes;
    expect((await ask("GET", "/findings?service=apns")).body).toMatchObject({
      findings: [{ push: number, rule: "apns/priority" }],
    });
    expect((await ask("GET", "/findings?service=fcm")).body).toEqual({ findings: [] });
  });

  test("gives tokens to push with", async () => {
    expect((await ask("GET", "/provider-token")).body).toBe(apns.providerToken());
    expect((await ask("GET", "/access-token")).body).toBe(await fcm.accessToken());
  });

  test.each([
    ["POST", "/answers", { service: "apns", token: "any", answer: "Unregisterd" }, 400, "answer"],
    [
      "POST",
      "/answers",
      { service: "apns", token: "any", answer: { kind: "status", status: 42, reason: "Unregistered" } },
      400,
      "answer.status",
    ],
    ["POST", "/answers", { service: "fcm", token: "any", answer: { kind: "delay" } }, 400, "answer.delayMs"],
    ["POST", "/answers", { service: "apns", token: "any", answer: { kind: "reset", hard: true } }, 400, "answer.hard"],
    ["POST", "/answers", { service: "apns", answer: "Unregistered" }, 400, "token"],
    ["POST", "/answers", { service: "wns", token: "any", answer: "x" }, 400, "service"],
    ["POST", "/answers", { service: "apns", token: "any", answer: "Shutdown", times: 0 }, 400, "times"],
    ["POST", "/answers", undefined, 400, "body"],
    ["POST", "/answers", "{", 400, undefined],
    ["POST", "/tokens", { service: "fcm", topic: "a.voip" }, 400, "topic"],
    ["POST", "/tokens/0a/unregister", { since: 1 }, 400, "since"],
    ["GET", "/pushes?waitMs=forever", undefined, 400, "waitMs"],
    ["GET", "/pushes?tokn=0a", undefined, 400, "tokn"],
    ["GET", "/devices", undefined, 409, undefined],
    ["GET", "/nothing", undefined, 404, undefined],
    ["GET", "/%ff", undefined, 400, undefined],
    ["DELETE", "/world", undefined, 405, undefined],
    ["POST", "/answers", `"${"x".repeat(70_000)}"`, 413, undefined],
  ])("refuses %s %s %j with %i, naming the field", async (method, path, body, status, field) => {
    const refused = await ask(method, path, body);
    expect(refused.status).toBe(status);
    const { error } = refused.body as { readonly error: { readonly field?: string; readonly message: string } };
    expect(error.field).toBe(field);
    expect(error.message).toMatch(/\w{3}/);
  });

  test.each([
    [{ host: "evil.example" }, 403],
    [{ host: "127.0.0.1.evil.example" }, 403],
    [{ host: "localhost:1", origin: "https://evil.example" }, 403],
    [{ host: "localhost:1" }, 200],
    [{ host: "[::1]:1" }, 200],
  ])("answers a request with %j with %i, so that pages in a browser get nothing", async (headers, status) => {
    const answered = await new Promise<number | undefined>((resolve, reject) => {
      const asking = request(`${admin.url}/world`, { headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asking.once("error", reject);
      asking.end();
    });
    expect(answered).toBe(status);
  });
});
