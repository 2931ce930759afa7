import apn from "@parse/node-apn";
import { describe, expect, test } from "vitest";
import { apnsReasons } from "../apns/apns-reason.ts";
import { createApnsMock, type ApnsMock, type ApnsMockOptions } from "../standalone/apns-mock.ts";
import { BURST, CALL, issued, TOPIC } from "./testing/calls.ts";
import { found } from "./testing/found.ts";
import { nodeApn, type Provocations } from "./testing/vendor-clients.ts";

type Credentials = Pick<apn.ProviderOptions, "token" | "cert" | "key">;
type Failure = apn.ResponseFailure;

async function withNodeApn(
  work: (provider: apn.Provider, apns: ApnsMock) => Promise<void>,
  options: ApnsMockOptions = {},
  credentials: (mock: ApnsMock) => Credentials = ({ credentials: { p8Pem: key, keyId, teamId } }) => ({
    token: { key, keyId, teamId },
  }),
): Promise<void> {
  const apns = await createApnsMock(options);
  const { host: address, port, caPem } = apns;
  const provider = new apn.Provider({ address, port, ca: [caPem], ...credentials(apns) });
  try {
    await work(provider, apns);
  } finally {
    await provider.shutdown();
    await apns.close();
  }
}

const byCertificate = ({ credentials: { certificatePem: cert, certificateKeyPem: key } }: ApnsMock): Credentials => ({
  cert,
  key,
});

function call(options: Readonly<Record<string, unknown>> = {}): apn.Notification {
  return new apn.Notification({ topic: TOPIC, pushType: "voip", expiry: 0, payload: CALL, ...options });
}

function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

/** The reason as the library gives it to its user, for whichever of its three ways to say it. */
function reasonOf({ response, error }: Failure): string | undefined {
  return response?.reason ?? error?.message;
}

describe("@parse/node-apn", () => {
  test.each([
    ["a provider token", undefined],
    ["a certificate", byCertificate],
  ])("sends calls that nothing is wrong with, by %s", async (_by, credentials) => {
    await withNodeApn(
      async (provider, apns) => {
        for (const token of issued(apns, 3)) {
          expect((await provider.send(call(), token)).sent).toMatchObject([{ device: token }]);
          expect(await apns.nextPush()).toMatchObject({ token, payload: CALL, became: "delivered" });
        }
        apns.expectNoFindings();
      },
      { strict: true, bundleIds: ["com.example.phone"] },
      credentials,
    );
  });

  test("reports each of Apple's reasons to its user", async () => {
    await withNodeApn(async (provider, apns) => {
      for (const { reason, status } of apnsReasons) {
        const token = apns.issueToken();
        apns.answer(token, reason);
        const { failed } = await provider.send(call(), token);
        const told = reason === "InternalServerError" ? "Error 500, stream ended unexpectedly" : reason;
        expect(failed.map((failure) => [failure.status, reasonOf(failure)])).toEqual([[status, told]]);
      }
    });
  });

  test.each([
    ["BadPriority", { priority: 7 }],
    ["BadMessageId", { id: "call-1" }],
    ["BadCollapseId", { collapseId: "c".repeat(65) }],
    ["MissingTopic", { topic: undefined }],
    ["TopicDisallowed", { topic: "org.other.voip" }],
    ["InvalidPushType", { pushType: "alert" }],
    ["PayloadTooLarge", { payload: { padding: "p".repeat(5121) } }],
  ] as const)("is refused by the rules with %s", async (reason, options) => {
    await withNodeApn(
      async (provider, apns) => {
        const { failed } = await provider.send(call(options), apns.issueToken());
        expect(failed.map(reasonOf)).toEqual([reason]);
        expect(apns.findings).toHaveLength(1);
      },
      { bundleIds: ["com.example.phone"] },
    );
  });

  test("is told since when an app is gone, and which tokens are none", async () => {
    await withNodeApn(
      async (provider, apns) => {
        const token = apns.issueToken();
        apns.unregister(token, 1_700_000_000_000);
        const { failed } = await provider.send(call(), [token, "00ff"]);
        expect(failed.map(({ status, response }) => ({ status, response }))).toEqual([
          { status: 410, response: { reason: "Unregistered", timestamp: 1_700_000_000_000 } },
          { status: 400, response: { reason: "BadDeviceToken" } },
        ]);
      },
      { strict: true, profile: { streams: "relaxed" } },
    );
  });

  test("is refused with another team's key and with another app's certificate", async () => {
    const wrongTeam = ({ credentials: { p8Pem: key, keyId } }: ApnsMock): Credentials => ({
      token: { key, keyId, teamId: "OTHERTEAM1" },
    });
    await withNodeApn(
      async (provider, apns) => {
        expect((await provider.send(call(), apns.issueToken())).failed.map(reasonOf)).toEqual(["InvalidProviderToken"]);
      },
      {},
      wrongTeam,
    );
    await withNodeApn(
      async (provider, apns) => {
        const { failed } = await provider.send(call({ topic: "com.example.other.voip" }), apns.issueToken());
        expect(failed.map(reasonOf)).toEqual(["TopicDisallowed"]);
      },
      {},
      byCertificate,
    );
  });

  test("fails a push whose stream is reset, and opens a new connection after GOAWAY", async () => {
    await withNodeApn(async (provider, apns) => {
      const token = apns.issueToken();
      apns.answer(token, { kind: "reset" }, 1);
      apns.answer(token, { kind: "refuse-stream" }, 1);
      apns.answer(token, { kind: "goaway", reason: "Shutdown" }, 1);
      for (const error of ["NGHTTP2_INTERNAL_ERROR", "NGHTTP2_REFUSED_STREAM"]) {
        const { failed } = await provider.send(call(), token);
        expect(failed.map(reasonOf)).toEqual([expect.stringContaining(error)]);
      }
      expect((await provider.send(call(), token)).sent).toHaveLength(1);
      await expect.poll(async () => (await provider.send(call(), token)).sent).toHaveLength(1);
      expect(new Set(apns.pushes.map(({ connection }) => connection)).size).toBe(2);
      apns.expectNoFindings();
    });
  });

  test("fails where the authority is not trusted, and the mock says so", async () => {
    await withNodeApn(async (_provider, apns) => {
      const { host: address, port, credentials } = apns;
      const { p8Pem: key, keyId, teamId } = credentials;
      const distrustful = new apn.Provider({ address, port, token: { key, keyId, teamId } });
      const { failed } = await distrustful.send(call(), apns.issueToken());
      expect(failed.map(reasonOf)).toEqual([expect.stringContaining("self-signed certificate")]);
      await distrustful.shutdown();
      await expect.poll(() => apns.connectionProblems[0]?.failed).toContain("TLS");
    });
  });

  const provocations: Provocations<typeof nodeApn, (provider: apn.Provider, apns: ApnsMock) => Promise<unknown>> = {
    "apns/expiration missing": async (provider, apns) =>
      await provider.send(call({ expiry: undefined }), apns.issueToken()),
    "apns/push-type missing-push-type": async (provider, apns) =>
      await provider.send(call({ pushType: undefined }), apns.issueToken()),
    "apns/priority background-immediate": async (provider, apns) =>
      await provider.send(
        call({ pushType: "background", topic: "com.example.phone", contentAvailable: true }),
        apns.issueToken(),
      ),
    "apns/payload empty": async (provider, apns) => await provider.send(call({ payload: {} }), apns.issueToken()),
    async "apns/provider-token-refresh refreshed-too-often"(provider, apns) {
      apns.answer("any", "ExpiredProviderToken");
      await provider.send(call(), apns.issueToken());
      expect(apns.pushes).toHaveLength(4);
    },
    async "flow/no-retry-storm retry-storm"(provider, apns) {
      apns.answer("any", "TooManyRequests");
      await provider.send(call(), apns.issueToken());
      expect(apns.pushes).toHaveLength(4);
    },
    async "apns/header-indexing reindexed-field"(provider, apns) {
      for (const expiry of [0, inSeconds(20)]) await provider.send(call({ expiry }), apns.issueToken());
    },
    "apns/stream-limit streams-refused": async (provider, apns) => await provider.send(call(), [...issued(apns, 20)]),
  };

  test.each(nodeApn.habits)("draws $finding: $when", async ({ finding }) => {
    await withNodeApn(
      async (provider, apns) => {
        await provocations[finding](provider, apns);
        await expect.poll(() => found(apns)).toEqual([finding]);
      },
      { profile: { streams: "strict", refreshCountedBy: "text" } },
    );
  });

  test("loses 99 of a cold burst of 300 where APNs allows one stream at first, and the log says why", async () => {
    await withNodeApn(
      async (provider, apns) => {
        const { sent, failed } = await provider.send(call(), [...issued(apns, BURST)]);
        expect([sent.length, failed.length]).toEqual([201, 99]);
        expect(new Set(failed.map(reasonOf))).toEqual(
          new Set(["apn write failed: Stream closed with error code NGHTTP2_REFUSED_STREAM"]),
        );
        await expect.poll(() => found(apns)).toEqual(["apns/stream-limit streams-refused"]);
        expect(apns.findings[0]).toMatchObject({
          expected: expect.stringContaining("one until a push with a valid provider token"),
          actual: "99 streams refused, where 1 at once could be open",
        });
      },
      { strict: true },
    );
  });

  test.each([
    ["where all streams may be open from the start", { profile: { streams: "relaxed" } }, undefined],
    ["with a certificate, which allows all streams at once", { profile: { streams: "strict" } }, byCertificate],
  ] as const)("sends a cold burst of 300 %s", async (_where, options, credentials) => {
    await withNodeApn(
      async (provider, apns) => {
        expect((await provider.send(call(), [...issued(apns, BURST)])).sent).toHaveLength(BURST);
        apns.expectNoFindings();
      },
      options,
      credentials,
    );
  });
});
