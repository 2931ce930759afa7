import { setupServer } from "msw/node";
import { fcmHandlers } from "ringtrue/msw";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { pushSender } from "./push-sender.ts";

const fcm = await fcmHandlers({ calls: true });
const server = setupServer(...fcm.handlers);
const sender = pushSender(fcm.credentials.serviceAccount);
const call = { callId: "6f1c2a3e", caller: "sip:alice@example.test" };

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => fcm.clear());
afterAll(async () => {
  server.close();
  await fcm.close();
});

test("a call wakes the phone", async () => {
  const token = fcm.issueToken();
  const sent = await sender.wake(token, call);
  const push = await fcm.nextPush({ token });
  expect(sent).toEqual({ kind: "sent", name: push.id });
  expect(push.delivery).toMatchObject({ priority: "high", payload: call });
  fcm.expectNoFindings();
});

test("a token whose app was removed is to be forgotten", async () => {
  const token = fcm.issueToken();
  fcm.unregister(token);
  expect(await sender.wake(token, call)).toEqual({ kind: "gone" });
  expect(fcm.pushes[0]).toMatchObject({ status: 404, reason: "UNREGISTERED" });
});

test("a push that FCM had no time for is sent again when it asks for it", async () => {
  const token = fcm.issueToken();
  fcm.answer(token, { kind: "status", status: 503, reason: "UNAVAILABLE", retryAfterS: 1 }, 1);
  expect(await sender.wake(token, call)).toMatchObject({ kind: "sent" });
  const [first, second] = fcm.pushes;
  expect([first?.status, second?.status]).toEqual([503, 200]);
  expect(second!.receivedAtMs - first!.receivedAtMs).toBeGreaterThanOrEqual(990);
});

test("a push that FCM accepts can still be wrong: what it did shows as a finding", async () => {
  const token = fcm.issueToken();
  const response = await fetch(`https://fcm.googleapis.com/v1/projects/${fcm.credentials.projectId}/messages:send`, {
    method: "POST",
    headers: { authorization: `Bearer ${await fcm.accessToken()}`, "content-type": "application/json" },
    body: JSON.stringify({ message: { token, data: call } }),
  });
  expect(response.status).toBe(200);
  expect(fcm.findings.map(({ rule, mismatch }) => `${rule} ${mismatch}`)).toEqual([
    "fcm/priority not-high",
    "fcm/ttl missing",
  ]);
  expect(() => fcm.expectNoFindings()).toThrow(/expected android.priority HIGH; actual no android.priority/);
});
