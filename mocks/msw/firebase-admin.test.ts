import { Socket } from "node:net";
import { cert, deleteApp, initializeApp, type App } from "firebase-admin/app";
import { getMessaging, type Message, type Messaging } from "firebase-admin/messaging";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { fcmHandlers, type FcmHandlers } from "./fcm-handlers.ts";

const server = setupServer();
const connect = vi.spyOn(Socket.prototype, "connect");
let fcm: FcmHandlers;
let app: App;
let messaging: Messaging;

beforeAll(async () => {
  fcm = await fcmHandlers({ calls: true });
  server.use(...fcm.handlers);
  server.listen({ onUnhandledRequest: "error" });
  // As any program does it: nothing here says that Google is not Google.
  app = initializeApp({ credential: cert(fcm.credentials.serviceAccount as object) });
  messaging = getMessaging(app);
});
afterEach(() => fcm.clear());
afterAll(async () => {
  server.close();
  await deleteApp(app);
  await fcm.close();
});

const call = (token: string): Message => ({
  token,
  data: { callId: "1" },
  android: { priority: "high", ttl: 30_000 },
});

describe("firebase-admin, unmodified, with FCM as handlers of msw", () => {
  test("gets an access token and sends", async () => {
    const token = fcm.issueToken();
    const name = await messaging.send(call(token));
    expect(await fcm.nextPush({ token })).toMatchObject({ id: name, status: 200, became: "delivered" });
    fcm.expectNoFindings();
  });

  test.each([
    ["UNREGISTERED", "messaging/registration-token-not-registered"],
    ["INVALID_ARGUMENT", "messaging/invalid-argument"],
    ["SENDER_ID_MISMATCH", "messaging/mismatched-credential"],
    ["QUOTA_EXCEEDED", "messaging/message-rate-exceeded"],
    ["INTERNAL", "messaging/internal-error"],
    ["THIRD_PARTY_AUTH_ERROR", "messaging/third-party-auth-error"],
  ] as const)("knows the error %s", async (answer, code) => {
    const token = fcm.issueToken();
    fcm.answer(token, answer);
    await expect(messaging.send(call(token))).rejects.toMatchObject({ code });
  });

  test("is told that the app is gone", async () => {
    const token = fcm.issueToken();
    fcm.unregister(token);
    await expect(messaging.send(call(token))).rejects.toMatchObject({
      code: "messaging/registration-token-not-registered",
    });
    expect(fcm.pushes[0]).toMatchObject({ status: 404, reason: "UNREGISTERED", became: "refused" });
  });

  test("sends again when FCM was not available", async () => {
    const token = fcm.issueToken();
    fcm.answer(token, "UNAVAILABLE", 1);
    await messaging.send(call(token));
    expect(fcm.pushes.map(({ status }) => status)).toEqual([503, 200]);
  });

  test("draws a finding for a message that rings no sleeping phone", async () => {
    await messaging.send({ token: fcm.issueToken(), notification: { title: "call" } });
    expect(fcm.findings.map(({ rule }) => rule)).toEqual(["fcm/ttl", "fcm/data-only"]);
  });

  test("sends to many over HTTP/1.1", async () => {
    messaging.enableLegacyHttpTransport();
    const tokens = Array.from({ length: 20 }, () => fcm.issueToken());
    const { successCount } = await messaging.sendEach(tokens.map(call));
    expect(successCount).toBe(20);
    expect(new Set(fcm.pushes.map(({ token }) => token))).toEqual(new Set(tokens));
    fcm.expectNoFindings();
  });

  test("did all that without a connection to anywhere", () => {
    expect(connect).not.toHaveBeenCalled();
  });
});
