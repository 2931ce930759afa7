import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createFcmClient } from "./fcm-client.ts";
import { plainProfile } from "./profile.ts";
import type { PushService } from "./push-service.ts";
import { type FakeFcm, openFakeFcm } from "./testing/fake-fcm.ts";
import { FCM_TOKEN } from "./testing/phone-and-caller.ts";

const call = { callUuid: "u", callId: "c", hint: "h", handle: "alice", callerName: "Alice", video: true };
const impatient = (): Promise<boolean> => Promise.resolve(false);

let fcm: FakeFcm;
let client: PushService;
beforeEach(async () => {
  fcm = await openFakeFcm();
  client = createFcmClient(fcm.settings, plainProfile, "none");
});
afterEach(async () => {
  vi.restoreAllMocks();
  client.close();
  await fcm.close();
});

describe("pushes to Android phones", () => {
  test("go over one connection with one access token, which was asked for as Google says", async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => client.push(FCM_TOKEN, call, impatient)));
    expect(results).toEqual(results.map(() => ({ accepted: true, status: 200 })));
    expect(new Set(fcm.messages.map(({ connection }) => connection)).size).toBe(1);
    expect(new Set(fcm.messages.map(({ headers }) => headers.authorization))).toEqual(
      new Set(["Bearer ya29.granted-1"]),
    );
    expect(fcm.messages[0]?.path).toBe("/v1/projects/example-project/messages:send");
    const [{ iat = 0, exp = 0, ...claims } = {}] = fcm.assertions;
    expect(claims).toEqual({
      iss: "sender@example-project.iam.gserviceaccount.com",
      aud: `${fcm.settings.url}/token`,
      scope: "https://www.googleapis.com/auth/firebase.messaging",
    });
    expect(exp - iat).toBe(3600);
  });

  test("get a new access token after 50 minutes and not before", async () => {
    const start = Date.now();
    const now = vi.spyOn(Date, "now");
    for (const [minutes, asked] of [
      [0, 1],
      [49, 1],
      [51, 2],
    ] as const) {
      now.mockReturnValue(start + minutes * 60_000);
      await client.push(FCM_TOKEN, call, impatient);
      expect(fcm.assertions).toHaveLength(asked);
    }
  });

  test("are sent once more with a new access token where FCM refuses the one they have", async () => {
    fcm.answer({ status: 401 }, { status: 200 });
    expect(await client.push(FCM_TOKEN, call, impatient)).toEqual({ accepted: true, status: 200 });
    expect(fcm.messages.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer ya29.granted-1",
      "Bearer ya29.granted-2",
    ]);
    fcm.answer({ status: 401 });
    expect(await client.push(FCM_TOKEN, call, impatient)).toEqual({ accepted: false, status: 401 });
    expect(fcm.messages).toHaveLength(4);
  });

  test.each([429, 503])("wait as long as %i says, where the call can wait", async (status) => {
    fcm.answer({ status, headers: { "retry-after": "7" } }, { status: 200 });
    const waits: number[] = [];
    const patient = (delayMs: number): Promise<boolean> => {
      waits.push(delayMs);
      return Promise.resolve(delayMs < 10_000);
    };
    expect(await client.push(FCM_TOKEN, call, patient)).toEqual({ accepted: true, status: 200 });
    fcm.answer({ status, headers: { "retry-after": new Date(Date.now() + 90_000).toUTCString() } });
    expect(await client.push(FCM_TOKEN, call, patient)).toEqual({ accepted: false, status });
    expect(fcm.messages).toHaveLength(3);
    expect(waits[0]).toBeGreaterThanOrEqual(7000);
    expect(waits[1]).toBeGreaterThan(85_000);
  });

  test.each([
    {
      what: "a token FCM does not know",
      status: 404,
      error: { status: "NOT_FOUND", message: "Requested entity was not found." },
      dead: true,
    },
    {
      what: "a token of another form",
      status: 400,
      error: { status: "INVALID_ARGUMENT", message: "The registration token is not a valid FCM registration token" },
      dead: true,
    },
    {
      what: "a field of the message",
      status: 400,
      error: { status: "INVALID_ARGUMENT", message: "Invalid value at 'message.android.ttl'" },
      dead: false,
    },
    { what: "an endpoint that is dead", status: 404, error: undefined, dead: false },
    {
      what: "another sender's token",
      status: 403,
      error: { status: "PERMISSION_DENIED", message: "SenderId mismatch" },
      dead: false,
    },
    {
      what: "nothing in particular",
      status: 500,
      error: { status: "INTERNAL", message: "Internal error encountered." },
      dead: false,
    },
    { what: "a quota without a time", status: 429, error: { status: "RESOURCE_EXHAUSTED" }, dead: false },
  ])("are not repeated when $status is about $what", async ({ status, error, dead }) => {
    fcm.answer(error === undefined ? { status } : { status, body: { error } });
    const patient = (): Promise<boolean> => Promise.resolve(true);
    expect(await client.push(FCM_TOKEN, call, patient)).toEqual({
      accepted: false,
      status,
      ...(dead ? { tokenDead: {} } : {}),
    });
    expect(fcm.messages).toHaveLength(1);
  });

  test("end quietly where there is no access token, and ask for one again the next time", async () => {
    fcm.grantNothing();
    expect(await client.push(FCM_TOKEN, call, impatient)).toEqual({ accepted: false, status: 0 });
    expect(await client.push(FCM_TOKEN, call, impatient)).toEqual({ accepted: false, status: 0 });
    expect(fcm.assertions).toHaveLength(2);
    expect(fcm.messages).toEqual([]);
  });
});
