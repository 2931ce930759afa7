import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFcmMock, type FcmMock } from "../standalone/fcm-mock.ts";
import { BURST, byConnection, CALL, issued } from "./testing/calls.ts";
import { found } from "./testing/found.ts";
import { firebaseAdmin, type Provocations } from "./testing/vendor-clients.ts";
import { startVendorProgram, type VendorProgram } from "./testing/vendor-program.ts";

const ANDROID = { priority: "high", ttl: 20_000 };

function call(token: string, options: object = {}): object {
  return { token, data: CALL, android: ANDROID, ...options };
}

describe("firebase-admin", () => {
  let fcm: FcmMock;
  let program: VendorProgram;

  beforeAll(async () => {
    fcm = await createFcmMock({ calls: true, strict: true, packageName: "com.example.phone" });
    program = await startVendorProgram("firebase-admin-program.js", { fcm });
    await program.call("use", fcm.credentials.serviceAccount);
  });
  afterAll(async () => {
    await program.close();
    await fcm.close();
  });

  test("sends calls that nothing is wrong with by send, with one access token over one connection", async () => {
    fcm.clear();
    for (const token of issued(fcm, 5)) {
      const name = await program.call<string>("send", call(token));
      expect(await fcm.nextPush()).toMatchObject({ id: name, token, payload: { message: { data: CALL } } });
    }
    expect(byConnection(fcm).size).toBe(1);
    expect(new Set(fcm.pushes.map(({ headers }) => headers["authorization"])).size).toBe(1);
    fcm.expectNoFindings();
  });

  test("sends by sendEach over HTTP/2 and by sendEachForMulticast, though its :scheme is malformed", async () => {
    fcm.clear();
    const tokens = issued(fcm, 3);
    const names = await program.call<readonly string[]>(
      "sendEach",
      tokens.map((token) => call(token)),
    );
    expect(names.toSorted()).toEqual(fcm.pushes.map(({ id }) => id).toSorted());
    const { token: _none, ...message } = call("") as { readonly token: string };
    const sent = await program.call("sendEachForMulticast", { ...message, tokens: [...tokens, "no token"] });
    expect(sent).toMatchObject({ successCount: 3, failureCount: 1 });
    expect(found(fcm)).toEqual(["fcm/device-token invalid-token", "fcm/scheme malformed-scheme"]);
  });

  test("only has a message looked at when it is a dry run", async () => {
    fcm.clear();
    expect(await program.call("send", call(fcm.issueToken()), true)).toMatch(/^projects\//);
    expect(await fcm.nextPush()).toMatchObject({ status: 200, became: "not-delivered" });
    expect(found(fcm)).toEqual(["fcm/validate-only validate-only"]);
  });

  test.each([
    ["UNREGISTERED", "registration-token-not-registered"],
    ["INVALID_ARGUMENT", "invalid-argument"],
    ["SENDER_ID_MISMATCH", "mismatched-credential"],
    ["QUOTA_EXCEEDED", "message-rate-exceeded"],
    ["INTERNAL", "internal-error"],
    ["THIRD_PARTY_AUTH_ERROR", "third-party-auth-error"],
    ["UNSPECIFIED_ERROR", "unknown-error"],
    [{ kind: "status", status: 503, reason: "UNAVAILABLE", retryAfterS: 61 }, "server-unavailable"],
    [{ kind: "status", status: 502 }, "unknown-error"],
  ] as const)("gives its user the error of %j as messaging/%s, by send and by sendEach", async (answer, code) => {
    fcm.clear();
    fcm.answer("any", answer);
    const message = call(fcm.issueToken());
    expect(await program.call("send", message)).toMatchObject({ code: `messaging/${code}` });
    expect(await program.call("sendEach", [message])).toMatchObject([{ code: `messaging/${code}` }]);
    expect(fcm.pushes).toHaveLength(2);
  });

  test("tries again after 503, at once where there is no Retry-After, and else when it says", async () => {
    fcm.clear();
    const token = fcm.issueToken();
    fcm.answer(token, "UNAVAILABLE", 1);
    fcm.answer(token, { kind: "status", status: 503, reason: "UNAVAILABLE", retryAfterS: 1 }, 1);
    expect(await program.call("send", call(token))).toMatch(/^projects\//);
    expect(fcm.pushes.map(({ status }) => status)).toEqual([503, 503, 200]);
    const [first = 0, second = 0, third = 0] = fcm.pushes.map(({ receivedAtMs }) => receivedAtMs);
    expect(second - first).toBeLessThan(900);
    expect(third - second).toBeGreaterThanOrEqual(990);
  });

  test.each([
    ["a data key that Google has reserved", { data: { from: "bob" } }, "fcm/data-keys reserved-key"],
    ["more than 4096 bytes of data", { data: { padding: "p".repeat(4097) } }, "fcm/payload-size too-large"],
    ["a token that is none", { token: "no token" }, "fcm/device-token invalid-token"],
    [
      "another app's package",
      { android: { ...ANDROID, restrictedPackageName: "org.other" } },
      "fcm/package package-differs",
    ],
  ])("is refused by the rules for %s", async (_what, options, finding) => {
    fcm.clear();
    expect(await program.call("send", call(fcm.issueToken(), options))).toMatchObject({
      code: "messaging/invalid-argument",
    });
    expect(found(fcm)).toEqual([finding]);
  });

  test("sends nothing at all where it knows better: numbers in data, two recipients, no ttl that is one", async () => {
    fcm.clear();
    const token = fcm.issueToken();
    for (const wrong of [{ data: { attempt: 1 } }, { topic: "calls" }, { android: { ttl: -1 } }]) {
      expect(await program.call("send", call(token, wrong))).toMatchObject({
        code: expect.stringMatching(/^messaging\/invalid-(?:payload|argument)$/) as string,
      });
    }
    expect(fcm.pushes).toEqual([]);
  });

  test("gets its access token for another project in vain, and none for what the account did not sign", async () => {
    const { serviceAccount } = fcm.credentials;
    fcm.clear();
    const token = fcm.issueToken();
    await program.call("use", serviceAccount, { projectId: "other-project" });
    expect(await program.call("send", call(token))).toMatchObject({
      message: expect.stringContaining("denied") as string,
    });
    expect(found(fcm)).toEqual(["fcm/project wrong-project"]);
    fcm.clear();
    await program.call("use", { ...serviceAccount, client_email: "nobody@example.iam.gserviceaccount.com" });
    expect(await program.call("send", call(token))).toMatchObject({
      code: "app/invalid-credential",
      message: expect.stringContaining("account not found") as string,
    });
    expect(fcm.pushes).toEqual([]);
    expect(found(fcm)).toEqual(["fcm/assertion unknown-account"]);
    await program.call("use", serviceAccount);
  });

  const provocations: Provocations<typeof firebaseAdmin, () => Promise<unknown>> = {
    "fcm/scheme malformed-scheme": () => program.call("sendEach", [call(fcm.issueToken())]),
    async "fcm/connection-reuse connection-per-push"() {
      for (const token of issued(fcm, 4)) await program.call("sendEach", [call(token)]);
    },
    "fcm/priority not-high": () => program.call("send", call(fcm.issueToken(), { android: { ttl: 20_000 } })),
    "fcm/ttl missing": () => program.call("send", call(fcm.issueToken(), { android: { priority: "high" } })),
  };

  test.each(firebaseAdmin.habits)("draws $finding: $when", async ({ finding }) => {
    fcm.clear();
    await provocations[finding]();
    await expect.poll(() => found(fcm)).toContain(finding);
  });

  test("sends a cold burst of 300 by sendEach over one connection", async () => {
    fcm.clear();
    const messages = issued(fcm, BURST).map((token) => call(token));
    const names = await program.call<readonly unknown[]>("sendEach", messages);
    expect(names.filter((name) => typeof name === "string")).toHaveLength(BURST);
    expect(byConnection(fcm).size).toBe(1);
    expect(found(fcm)).toEqual(["fcm/scheme malformed-scheme"]);
  });
});
