import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApnsMock, type ApnsMock, type ApnsMockOptions } from "../standalone/apns-mock.ts";
import { createFcmMock, type FcmMock } from "../standalone/fcm-mock.ts";
import { BURST, byConnection, CALL, issued, TOPIC } from "./testing/calls.ts";
import { found } from "./testing/found.ts";
import { nodePushNotifications, type Provocations } from "./testing/vendor-clients.ts";
import { startVendorProgram, type VendorProgram } from "./testing/vendor-program.ts";

interface Sender {
  readonly apns: ApnsMock;
  readonly fcm: FcmMock;
  readonly program: VendorProgram;
}

interface Result {
  readonly method: string;
  readonly success: number;
  readonly failure: number;
  readonly errors: readonly string[];
}

async function started(options: ApnsMockOptions = {}): Promise<Sender> {
  const [apns, fcm] = await Promise.all([createApnsMock(options), createFcmMock({ calls: true })]);
  const program = await startVendorProgram("node-pushnotifications-program.js", { apns, fcm });
  await program.call("use", apns.credentials, fcm.credentials.serviceAccount);
  return { apns, fcm, program };
}

async function ended({ apns, fcm, program }: Sender): Promise<void> {
  await program.close();
  await Promise.all([apns.close(), fcm.close()]);
}

/** What rings on both kinds of phone. `silent` is the library's word for a message without notification. */
function call(options: object = {}): object {
  const expiry = Math.floor(Date.now() / 1000) + 20;
  return { topic: TOPIC, pushType: "voip", expiry, custom: CALL, alert: "call", ...options };
}

describe("node-pushnotifications", () => {
  let sender: Sender;
  const send = async (tokens: readonly string[], data: object): Promise<readonly Result[]> =>
    await sender.program.call("send", tokens, data);

  beforeAll(async () => {
    sender = await started();
  });
  afterAll(() => ended(sender));

  test("sends a call to both services, without a finding of APNs", async () => {
    const { apns, fcm } = sender;
    const tokens = [apns.issueToken(), fcm.issueToken()] as const;
    expect(await send(tokens, call())).toEqual([
      { method: "fcm", success: 1, failure: 0, errors: [] },
      { method: "apn", success: 1, failure: 0, errors: [] },
    ]);
    expect(await apns.nextPush()).toMatchObject({ token: tokens[0], status: 200, payload: CALL });
    expect(await fcm.nextPush()).toMatchObject({ token: tokens[1], status: 200, payload: { message: { data: CALL } } });
    apns.expectNoFindings();
  });

  test("gives its user the reasons of APNs and the messages of FCM", async () => {
    const { apns, fcm } = sender;
    const tokens = [apns.issueToken(), fcm.issueToken()] as const;
    apns.unregister(tokens[0]);
    fcm.unregister(tokens[1]);
    expect(await send(tokens, call())).toEqual([
      { method: "fcm", success: 0, failure: 1, errors: ["Requested entity was not found."] },
      { method: "apn", success: 0, failure: 1, errors: ["Unregistered"] },
    ]);
    for (const reason of ["BadDeviceToken", "TopicDisallowed", "PayloadTooLarge", "TooManyRequests"] as const) {
      apns.answer("any", reason);
      expect(await send([apns.issueToken()], call())).toMatchObject([{ failure: 1, errors: [reason] }]);
    }
    fcm.answer("any", "SENDER_ID_MISMATCH");
    expect(await send([fcm.issueToken()], call())).toMatchObject([{ failure: 1, errors: ["SenderId mismatch"] }]);
  });

  const provocations: Provocations<typeof nodePushNotifications, () => Promise<unknown>> = {
    "apns/expiration too-late": () => send([sender.apns.issueToken()], call({ expiry: undefined })),
    "apns/push-type missing-push-type": () => send([sender.apns.issueToken()], call({ pushType: undefined })),
    "apns/priority not-immediate": () => send([sender.apns.issueToken()], call({ silent: true, priority: "high" })),
    async "apns/header-indexing reindexed-field"() {
      // It is found once per connection, and the library keeps its own.
      await ended(sender);
      sender = await started();
      const { expiry } = call() as { readonly expiry: number };
      const later = { expiry: expiry + 1 };
      for (const options of [{}, later]) await send([sender.apns.issueToken()], call(options));
    },
    "fcm/ttl too-long": () => send([sender.fcm.issueToken()], call({ expiry: undefined })),
    "fcm/data-only notification-present": () => send([sender.fcm.issueToken()], call()),
    "fcm/scheme malformed-scheme": () => send([sender.fcm.issueToken()], call({ silent: true })),
    async "fcm/connection-reuse connection-per-push"() {
      for (const token of issued(sender.fcm, 4)) await send([token], call({ silent: true }));
    },
  };

  test.each(nodePushNotifications.habits)("draws $finding: $when", async ({ finding }) => {
    sender.apns.clear();
    sender.fcm.clear();
    await provocations[finding]();
    await expect.poll(() => [...found(sender.apns), ...found(sender.fcm)]).toContain(finding);
  });

  test.each([
    ["strict", 201],
    ["relaxed", BURST],
  ] as const)(
    "of a cold burst of 300 each, with APNs' streams %s, APNs takes %i and FCM all",
    async (streams, accepted) => {
      const burst = await started({ profile: { streams } });
      try {
        const { apns, fcm, program } = burst;
        const results = await program.call<readonly Result[]>(
          "send",
          [...issued(apns, BURST), ...issued(fcm, BURST)],
          call({ silent: false }),
        );
        expect(results).toMatchObject([
          { method: "fcm", success: BURST },
          { method: "apn", success: accepted, failure: BURST - accepted },
        ]);
        expect(byConnection(fcm).size).toBe(1);
        await expect.poll(() => found(apns)).toEqual(streams === "strict" ? ["apns/stream-limit streams-refused"] : []);
      } finally {
        await ended(burst);
      }
    },
  );
});
