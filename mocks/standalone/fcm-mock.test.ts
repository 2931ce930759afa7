import { describe, expect, test } from "vitest";
import { createFcmMock, type FcmMock, type FcmMockOptions } from "./fcm-mock.ts";
import { fcmErrorStatus } from "./fcm-scripted.ts";
import { post, pushFcm } from "./testing/push-client.ts";

async function withFcm(work: (fcm: FcmMock) => Promise<void>, options: FcmMockOptions = {}): Promise<void> {
  const fcm = await createFcmMock(options);
  try {
    await work(fcm);
  } finally {
    await fcm.close();
  }
}

describe("a simulated FCM for a test suite", () => {
  test("accepts a message without fault, logs it whole and finds nothing", async () => {
    await withFcm(
      async (fcm) => {
        const token = fcm.issueToken();
        const { status, body } = await pushFcm(fcm, token);
        expect(status).toBe(200);
        expect(await fcm.nextPush({ token })).toMatchObject({
          service: "fcm",
          id: (JSON.parse(body) as { readonly name: string }).name,
          became: "delivered",
          payload: { message: { token, data: { callUUID: "6f1c2a3e" } } },
          delivery: { priority: "high", stored: true },
          findings: [],
        });
        fcm.expectNoFindings();
      },
      { calls: true },
    );
  });

  test("has a service account as Google hands them out, whose token endpoint is its own", async () => {
    await withFcm(
      async (fcm) => {
        expect(fcm.credentials).toMatchObject({
          projectId: "acme",
          serviceAccount: { type: "service_account", project_id: "acme", token_uri: `${fcm.url}/token` },
        });
        expect(fcm.oauthUrl).toBe(`${fcm.url}/token`);
        expect(await fcm.accessToken()).toBe(await fcm.accessToken());
      },
      { projectId: "acme" },
    );
  });

  test("finds fault with a message that cannot make a phone ring only where messages are for calls", async () => {
    const normal = { priority: "NORMAL" };
    await withFcm(async (fcm) => {
      await pushFcm(fcm, fcm.issueToken(), normal);
      fcm.expectNoFindings();
    });
    await withFcm(
      async (fcm) => {
        expect((await pushFcm(fcm, fcm.issueToken(), normal)).status).toBe(200);
        expect(fcm.findings.map(({ rule }) => rule)).toEqual(["fcm/priority", "fcm/ttl"]);
        expect(fcm.findings.every(({ source }) => source?.startsWith("Firebase"))).toBe(true);
      },
      { calls: true },
    );
  });

  test("answers every error code with its status when it is told to", async () => {
    await withFcm(async (fcm) => {
      const codes = Object.keys(fcmErrorStatus) as readonly (keyof typeof fcmErrorStatus)[];
      for (const code of codes) {
        fcm.answer("any", code);
        const { status, body } = await pushFcm(fcm, fcm.issueToken());
        expect(status).toBe(fcmErrorStatus[code]);
        expect(body).toContain(`"errorCode": "${code}"`);
      }
    });
  });

  test("plays what a script says of Retry-After, resets and pages of the front end", async () => {
    await withFcm(async (fcm) => {
      const token = fcm.issueToken();
      fcm.answer(token, { kind: "status", status: 429, reason: "QUOTA_EXCEEDED", retryAfterS: 7 }, 1);
      fcm.answer(token, { kind: "reset" }, 1);
      fcm.answer(token, { kind: "status", status: 502 }, 1);
      fcm.answer(token, { kind: "delay", delayMs: 5 }, 1);
      const limited = await pushFcm(fcm, token);
      expect([limited.status, limited.headers["retry-after"]]).toEqual([429, "7"]);
      expect((await pushFcm(fcm, token)).status).toBe(0);
      expect((await pushFcm(fcm, token)).body).toContain("<!DOCTYPE html>");
      expect((await pushFcm(fcm, token)).status).toBe(200);
      expect(fcm.pushes.map(({ became }) => became)).toEqual(["refused", "reset", "refused", "delivered"]);
      expect(fcm.pushes[0]?.retryAfterS).toBe(7);
    });
  });

  test("refuses a token whose app is gone, was replaced or was never issued", async () => {
    await withFcm(
      async (fcm) => {
        const [gone, old] = [fcm.issueToken(), fcm.issueToken()];
        fcm.unregister(gone);
        fcm.issueToken({ replaces: old });
        for (const token of [gone, old]) expect((await pushFcm(fcm, token)).status).toBe(404);
        expect((await pushFcm(fcm, "no-token")).status).toBe(400);
      },
      { strict: true },
    );
  });

  test("discards everything when a hundred and one messages wait for a phone", async () => {
    await withFcm(async (fcm) => {
      const token = fcm.issueToken();
      fcm.unreachable(token);
      await Promise.all(Array.from({ length: 101 }, () => pushFcm(fcm, token)));
      expect(new Set(fcm.pushes.map(({ became }) => became))).toEqual(new Set(["dropped"]));
      expect(fcm.reachable(token)).toEqual([]);
    });
  });

  test("reports a dead endpoint", async () => {
    await withFcm(async (fcm) => {
      const { status } = await post(fcm, "/fcm/send", { authorization: "key=AAAA" }, "{}");
      expect(status).toBe(404);
      expect(fcm.findings.map(({ rule, mismatch }) => `${rule} ${mismatch}`)).toContain("fcm/endpoint legacy-endpoint");
    });
  });
});
