import { describe, expect, test } from "vitest";
import { apnsReasons } from "../apns/apns-reason.ts";
import { createApnsMock, type ApnsMock, type ApnsMockOptions } from "../standalone/apns-mock.ts";
import { BURST, byConnection, CALL, issued, TOPIC } from "./testing/calls.ts";
import { found } from "./testing/found.ts";
import { apns2, type Provocations } from "./testing/vendor-clients.ts";
import { startVendorProgram } from "./testing/vendor-program.ts";

type Send = (...notifications: readonly object[]) => Promise<readonly unknown[]>;

/** A client of its own in a process of its own, as the library goes on with the connections it has. */
async function withApns2(
  work: (send: Send, apns: ApnsMock) => Promise<void>,
  options: ApnsMockOptions = {},
): Promise<void> {
  const apns = await createApnsMock(options);
  const program = await startVendorProgram("apns2-program.js", { apns });
  try {
    await program.call("use", { ...apns.credentials, topic: TOPIC });
    await work((...notifications) => program.call("send", notifications), apns);
  } finally {
    await program.close();
    await apns.close();
  }
}

function call(token: string, options: object = {}): object {
  return { token, type: "voip", expiration: 0, data: CALL, ...options };
}

describe.concurrent("apns2", () => {
  test("sends calls that nothing is wrong with, over one connection", async () => {
    await withApns2(
      async (send, apns) => {
        for (const token of issued(apns, 5)) expect(await send(call(token))).toEqual(["ok"]);
        expect(apns.pushes.map(({ payload }) => payload)).toEqual(issued(apns, 5).map(() => ({ aps: {}, ...CALL })));
        expect(apns.pushes[0]?.headers).not.toHaveProperty("apns-id");
        expect(byConnection(apns).size).toBe(1);
        apns.expectNoFindings();
      },
      { strict: true, bundleIds: ["com.example.phone"] },
    );
  });

  test("reports each of Apple's reasons to its user, and tries none again", async () => {
    await withApns2(async (send, apns) => {
      for (const { reason, status } of apnsReasons) {
        const token = apns.issueToken();
        apns.answer(token, reason);
        expect(await send(call(token))).toMatchObject([{ status, reason }]);
      }
      expect(apns.pushes).toHaveLength(apnsReasons.length);
    });
  });

  test("is refused by the rules, and told since when an app is gone", async () => {
    await withApns2(
      async (send, apns) => {
        const wrong = {
          BadPriority: { priority: 7 },
          BadCollapseId: { collapseId: "c".repeat(65) },
          TopicDisallowed: { topic: "org.other.voip" },
          BadDeviceToken: { token: "no token" },
          PayloadTooLarge: { data: { padding: "p".repeat(5121) } },
        };
        for (const [reason, options] of Object.entries(wrong)) {
          expect(await send(call(apns.issueToken(), options))).toMatchObject([{ reason }]);
        }
        expect(found(apns)).toHaveLength(5);
        const gone = apns.issueToken();
        apns.unregister(gone, 1_700_000_000_000);
        const answer = { status: 410, reason: "Unregistered", timestamp: 1_700_000_000_000 };
        expect(await send(call(gone))).toMatchObject([answer]);
      },
      { bundleIds: ["com.example.phone"] },
    );
  });

  test("takes a push for failed that APNs accepted as it said GOAWAY, and opens a new connection", async () => {
    await withApns2(async (send, apns) => {
      const token = apns.issueToken();
      apns.answer(token, { kind: "goaway", reason: "Shutdown" }, 1);
      expect(await send(call(token))).toMatchObject([{ message: expect.stringContaining("GOAWAY") as string }]);
      expect((await apns.nextPush({ token })).status).toBe(200);
      expect(await send(call(token))).toEqual(["ok"]);
      expect(byConnection(apns).size).toBe(2);
    });
  });

  const provocations: Provocations<typeof apns2, (send: Send, apns: ApnsMock) => Promise<unknown>> = {
    "apns/push-type not-voip": (send, apns) => send(call(apns.issueToken(), { type: undefined })),
    "apns/expiration missing": (send, apns) => send(call(apns.issueToken(), { expiration: undefined })),
    async "apns/provider-token-refresh refreshed-too-often"(send, apns) {
      apns.answer("any", "ExpiredProviderToken", 1);
      for (const token of issued(apns, 2)) await send(call(token));
    },
    async "apns/header-indexing reindexed-field"(send, apns) {
      const soon = Math.floor(Date.now() / 1000) + 20;
      for (const expiration of [0, soon]) await send(call(apns.issueToken(), { expiration }));
    },
  };

  test.each(apns2.habits)("draws $finding: $when", async ({ finding }) => {
    await withApns2(
      async (send, apns) => {
        await provocations[finding](send, apns);
        expect(found(apns)).toEqual([finding]);
      },
      { profile: { refreshCountedBy: "text" } },
    );
  });

  test.each(["strict", "relaxed"] as const)(
    "sends a cold burst of 300 over 32 connections, one push at a time on each (streams: %s)",
    async (streams) => {
      await withApns2(
        async (send, apns) => {
          const tokens = issued(apns, BURST);
          expect(await send(...tokens.map((token) => call(token)))).toEqual(tokens.map(() => "ok"));
          expect(byConnection(apns).size).toBe(32);
          apns.expectNoFindings();
        },
        { profile: { streams } },
      );
    },
  );
});
