import { AssertionError } from "node:assert";
import { describe, expect, test } from "vitest";
import { apnsReasons } from "../apns/apns-reason.ts";
import { createApnsMock, type ApnsMock, type ApnsMockOptions } from "./apns-mock.ts";
import { pushApns } from "./testing/push-client.ts";

async function withApns(work: (apns: ApnsMock) => Promise<void>, options: ApnsMockOptions = {}): Promise<void> {
  const apns = await createApnsMock(options);
  try {
    await work(apns);
  } finally {
    await apns.close();
  }
}

describe("a simulated APNs for a test suite", () => {
  test("accepts a push without fault, logs it whole and finds nothing", async () => {
    await withApns(async (apns) => {
      const token = apns.issueToken({ topic: "com.example.phone.voip" });
      const { status, headers } = await pushApns(apns, token);
      expect(status).toBe(200);
      const push = await apns.nextPush({ token });
      expect(push).toMatchObject({
        number: 1,
        service: "apns",
        token,
        id: headers["apns-id"],
        status: 200,
        scripted: false,
        became: "delivered",
        method: "POST",
        path: `/3/device/${token}`,
        payload: { callUUID: "6f1c2a3e-0000-4000-8000-000000000001" },
        findings: [],
      });
      expect(push.headers["apns-topic"]).toBe("com.example.phone.voip");
      expect(push.headers["authorization"]).not.toContain(apns.providerToken());
      expect(Math.abs(Date.now() - push.receivedAtMs)).toBeLessThan(60_000);
      apns.expectNoFindings();
      expect(apns.pushes).toEqual([push]);
    });
  });

  test("tells what a push did wrong in words, with the document that says so", async () => {
    await withApns(async (apns) => {
      const token = apns.issueToken();
      await pushApns(apns, token, { "apns-expiration": `${Math.floor(Date.now() / 1000) + 3600}` });
      const refused = await pushApns(apns, token, { "apns-priority": "7" });
      expect(refused.status).toBe(400);
      expect(apns.findings.map(({ rule }) => rule)).toEqual(["apns/expiration", "apns/priority"]);
      const told = caught(() => apns.expectNoFindings());
      expect(told).toBeInstanceOf(AssertionError);
      expect(String(told)).toContain(`push 2 to apns for token ${token}: 400 BadPriority`);
      expect(String(told)).toMatch(/apns\/priority \(bad-priority\): expected 10, 5 or 1; actual 7 \[Apple, .+\]/);
    });
  });

  test("answers as a script wants, for a token before for any, each as often as it was said", async () => {
    await withApns(async (apns) => {
      const [token, other] = [apns.issueToken(), apns.issueToken()];
      apns.answer("any", "ServiceUnavailable", 1);
      apns.answer(token, { kind: "status", status: 410, reason: "Unregistered", timestampMs: 1_700_000_000_000 }, 1);
      apns.answer(token, "TooManyRequests", 1);
      const answers = [];
      for (const to of [token, token, other, token, other]) answers.push(await pushApns(apns, to));
      expect(answers.map(({ status }) => status)).toEqual([410, 429, 503, 200, 200]);
      expect(JSON.parse(answers[0]!.body)).toEqual({ reason: "Unregistered", timestamp: 1_700_000_000_000 });
      expect(apns.pushes.map(({ scripted }) => scripted)).toEqual([true, true, true, false, false]);
    });
  });

  test("answers every reason of Apple's with its status when it is told to", async () => {
    await withApns(async (apns) => {
      const token = apns.issueToken();
      const answers = [];
      for (const { reason } of apnsReasons) {
        apns.answer("any", reason);
        const { status, body } = await pushApns(apns, token);
        answers.push({ status, ...(JSON.parse(body) as object) });
      }
      expect(answers).toMatchObject(apnsReasons.map(({ status, reason }) => ({ status, reason })));
    });
  });

  test.each([
    [{ kind: "reset" }, 0],
    [{ kind: "refuse-stream" }, 0],
    [{ kind: "goaway", reason: "Shutdown" }, 200],
    [{ kind: "sticky-429" }, 429],
    [{ kind: "delay", delayMs: 5 }, 200],
  ] as const)("plays the fault %j", async (fault, status) => {
    await withApns(async (apns) => {
      const token = apns.issueToken();
      apns.answer(token, fault, 1);
      expect((await pushApns(apns, token)).status).toBe(status);
      expect((await pushApns(apns, token)).status).toBe(200);
    });
  });

  test("refuses a token whose app is gone, with the time since when", async () => {
    await withApns(async (apns) => {
      const token = apns.issueToken();
      apns.unregister(token, 1_700_000_000_000);
      const { status, body } = await pushApns(apns, token);
      expect(status).toBe(410);
      expect(JSON.parse(body)).toEqual({ reason: "Unregistered", timestamp: 1_700_000_000_000 });
      const expired = apns.issueToken();
      apns.expireToken(expired);
      expect(JSON.parse((await pushApns(apns, expired)).body)).toMatchObject({ reason: "ExpiredToken" });
    });
  });

  test("accepts a push to a token that was replaced, and delivers it to nobody", async () => {
    await withApns(async (apns) => {
      const old = apns.issueToken();
      const token = apns.issueToken({ replaces: old });
      expect((await pushApns(apns, old)).status).toBe(200);
      await pushApns(apns, token);
      expect(apns.pushes.map(({ became }) => became)).toEqual(["delivered-to-nobody", "delivered"]);
    });
  });

  test("keeps the newest stored push for a phone that cannot be reached, and delivers it when it is back", async () => {
    const delivered: number[] = [];
    await withApns(
      async (apns) => {
        const token = apns.issueToken();
        apns.unreachable(token);
        const stored = { "apns-expiration": `${Math.floor(Date.now() / 1000) + 30}` };
        await pushApns(apns, token, stored);
        await pushApns(apns, token, stored);
        await pushApns(apns, token);
        expect(apns.pushes.map(({ became }) => became)).toEqual(["dropped", "stored", "dropped"]);
        expect(apns.reachable(token).map(({ number }) => number)).toEqual([2]);
        expect(apns.pushes[1]?.became).toBe("delivered");
        await pushApns(apns, token);
      },
      { onDelivery: ({ number }) => delivered.push(number) },
    );
    expect(delivered).toEqual([2, 4]);
  });

  test("knows only the tokens it issued and the apps it was told of, where it is strict", async () => {
    await withApns(
      async (apns) => {
        const unknown = await pushApns(apns, "00".repeat(32));
        expect(JSON.parse(unknown.body)).toMatchObject({ reason: "BadDeviceToken" });
        const other = await pushApns(apns, apns.issueToken(), { "apns-topic": "org.other.voip" });
        expect(other.status).toBe(400);
        const forAlerts = apns.issueToken({ topic: "com.example.phone" });
        expect(JSON.parse((await pushApns(apns, forAlerts)).body)).toMatchObject({ reason: "DeviceTokenNotForTopic" });
      },
      { strict: true, bundleIds: ["com.example.phone"] },
    );
  });

  test("forgets pushes, findings and answers between two tests", async () => {
    await withApns(async (apns) => {
      const token = apns.issueToken();
      apns.answer(token, "InternalServerError");
      await pushApns(apns, token, { "apns-priority": "5" });
      apns.clear();
      apns.expectNoFindings();
      expect([apns.pushes, apns.answers]).toEqual([[], []]);
      expect((await pushApns(apns, token)).status).toBe(200);
      expect(apns.pushes.map(({ number }) => number)).toEqual([2]);
    });
  });

  test("gives each push out once, and says what came instead of one that never did", async () => {
    await withApns(async (apns) => {
      const [token, other] = [apns.issueToken(), apns.issueToken()];
      const awaited = apns.nextPush({ token: other });
      await pushApns(apns, token);
      await pushApns(apns, other);
      expect((await awaited).token).toBe(other);
      expect((await apns.nextPush()).token).toBe(token);
      const told = await apns.nextPush({ token, deadlineMs: 10 }).catch(String);
      expect(told).toMatch(/No push to apns for token .+ came within 10 ms/);
      expect(told).toContain(`push 2 to apns for token ${other}: 200`);
    });
  });

  test("ends what waits for a push when it is closed", async () => {
    const apns = await createApnsMock();
    const waiting = apns.nextPush().catch(String);
    await apns[Symbol.asyncDispose]();
    expect(await waiting).toContain("came before the mock was closed");
  });

  test("names a client that does not trust it", async () => {
    await withApns(async (apns) => {
      await pushApns({ ...apns, caPem: "" }, apns.issueToken()).catch(() => {});
      await expect
        .poll(() => apns.connectionProblems.map(({ failed }) => failed))
        .toEqual([expect.stringContaining("TLS")]);
    });
  });

  test("refuses an answer that APNs does not have", async () => {
    await withApns(async (apns) => {
      const odd = "Unregisterd" as "Unregistered";
      expect(() => apns.answer("any", odd)).toThrow("Unregisterd is no reason of APNs");
      expect(() => apns.answer("any", "Shutdown", 0)).toThrow("whole number of times");
      await Promise.resolve();
    });
  });
});

function caught(work: () => void): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}
