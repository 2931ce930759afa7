import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { connect } from "node:http2";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importPKCS8, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { liveClock } from "../../harness/clock/clock.ts";
import { testFacts } from "../../harness/judge/testing/default-facts.ts";
import { deviceToken } from "./device-tokens.ts";
import { startServerWorld, type ServerWorld } from "./server-world.ts";

let directory: string;
let world: ServerWorld;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ringtrue-world-"));
  world = await startServerWorld({
    clock: liveClock(),
    directory,
    bind: "127.0.0.1",
    ports: {},
    domain: "example.test",
    appId: "test.example.app",
    limits: { apnsExpirationMaxS: 60, fcmTtlMaxS: 60 },
    cases: 1,
    runFacts: () => testFacts(),
  });
});

afterAll(async () => {
  await world.close();
  await rm(directory, { recursive: true });
});

/** Exchanges an assertion of the service account for an access token, as any sender does. */
async function accessToken(): Promise<string> {
  const { fcm, tls } = world.facts;
  const account = JSON.parse(await readFile(fcm.serviceAccountFile, "utf8")) as Readonly<Record<string, string>>;
  const assertion = await new SignJWT({ scope: "https://www.googleapis.com/auth/firebase.messaging" })
    .setProtectedHeader({ alg: "RS256", kid: account["private_key_id"]! })
    .setIssuer(account["client_email"]!)
    .setAudience(account["token_uri"]!)
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(await importPKCS8(account["private_key"]!, "RS256"));
  const form = new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion });
  const ca = await readFile(tls.caFile);
  const body = await new Promise<string>((resolve, reject) => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    request(fcm.oauthUrl, { method: "POST", headers, ca, agent: false }, (response) => {
      response.setEncoding("utf8");
      let text = "";
      response.on("data", (chunk: string) => (text += chunk)).on("end", () => resolve(text));
    })
      .on("error", reject)
      .end(form.toString());
  });
  return (JSON.parse(body) as { readonly access_token: string }).access_token;
}

async function pushToFcm(message: object): Promise<{ readonly status: number; readonly body: string }> {
  const { fcm, tls } = world.facts;
  const bearer = await accessToken();
  const session = connect(fcm.url, { ca: await readFile(tls.caFile) });
  const stream = session.request({
    ":method": "POST",
    ":path": `/v1/projects/${fcm.projectId}/messages:send`,
    "content-type": "application/json",
    authorization: `Bearer ${bearer}`,
  });
  stream.setEncoding("utf8");
  stream.end(JSON.stringify({ message }));
  const answer = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    let [status, body] = [0, ""];
    stream.on("error", reject);
    stream.on("response", (headers) => (status = headers[":status"] ?? 0));
    stream.on("data", (chunk: string) => (body += chunk));
    stream.on("end", () => resolve({ status, body }));
  });
  await new Promise<void>((resolve) => session.close(resolve));
  return answer;
}

describe("the world of a server run", () => {
  test("says where both push services are, and keeps every key to itself", async () => {
    const { apns, fcm, tls } = world.facts;
    const files = [apns.keyFile, apns.clientCertificateFile, apns.clientKeyFile, fcm.serviceAccountFile, tls.caFile];
    const modes = await Promise.all(files.map(async (file) => (await stat(file)).mode & 0o777));
    expect(modes).toEqual(files.map(() => 0o600));
    expect([fcm.port, apns.port].every((port) => port > 0)).toBe(true);
    expect(fcm.oauthUrl).toBe(`${fcm.url}/token`);
  });

  test("keeps a push that no case claims in the run's own trace, with what is wrong about it", async () => {
    const token = deviceToken("android", "nobody's");
    const answer = await pushToFcm({ token, data: { callId: "c" }, android: { priority: "NORMAL", ttl: "20s" } });
    expect(answer).toMatchObject({ status: 404 });
    expect(answer.body).toContain("UNREGISTERED");

    const { events } = await world.close();
    const request = events.find((event) => event.kind === "push.request")!;
    expect(request).toMatchObject({ service: "fcm", token, by: "target" });
    expect(events.find((event) => event.kind === "push.response")).toMatchObject({
      service: "fcm",
      status: 404,
      reason: "UNREGISTERED",
      scripted: false,
      cause: request.seq,
    });
    const findings = events.flatMap((event) => (event.kind === "finding" ? [event] : []));
    expect(findings.map(({ rule, mismatch }) => `${rule} ${mismatch}`).toSorted()).toEqual([
      "fcm/device-token unregistered-token",
      "fcm/priority not-high",
    ]);
    expect(new Set(findings.map(({ about }) => about))).toEqual(new Set([request.seq]));
    expect(events.map((event) => event.kind)).toContain("connection.access-token");
  });
});
