import type { HttpHandler } from "msw";
import { liveClock } from "../../harness/clock/clock.ts";
import { fcmDeviceStore } from "../fcm/device-store.ts";
import { createFcmCredentials, serviceAccountKey } from "../fcm/fcm-credentials.ts";
import { assertionSource } from "../fcm/oauth-assertion.ts";
import { fcmRules } from "../fcm/fcm-rules.ts";
import { createRegistrationToken } from "../fcm/registration-token.ts";
import { serveMessages } from "../fcm/serve-messages.ts";
import { answerScript } from "../standalone/answer-script.ts";
import { deviceTokens } from "../standalone/device-tokens.ts";
import type { FcmMock, FcmMockOptions } from "../standalone/fcm-mock.ts";
import { checkFcmAnswer, decideFcm, type FcmMockAnswer } from "../standalone/fcm-scripted.ts";
import { findingSources } from "../standalone/finding-sources.ts";
import { given } from "../standalone/given.ts";
import { mockCore } from "../standalone/mock-core.ts";
import { pushLog } from "../standalone/push-log.ts";
import type { PushMock } from "../standalone/push-mock.ts";
import { renewed } from "../standalone/renewed.ts";
import { fetchBridge } from "./fetch-bridge.ts";
import { withoutAddress, type AddressMember } from "./without-address.ts";

/** Those of `createFcmMock` that do not say where to listen. */
export type FcmHandlersOptions = Omit<FcmMockOptions, "bind" | "port" | "advertise">;

/** What `createFcmMock` makes, without an address: FCM answers where Google's does. */
export interface FcmHandlers extends Omit<FcmMock, AddressMember | "close"> {
  /** For `setupServer(...)` of msw. */
  readonly handlers: readonly HttpHandler[];
  /** Ends what waits for a push or is held back. The handlers answer nothing any more. */
  close(): Promise<void>;
}

/** Everything on FCM's host, the endpoints that were shut down included. */
const MESSAGES = /^https:\/\/fcm\.googleapis\.com\//;
/** Google's token endpoints, newest first. */
const TOKEN_REQUESTS =
  /^https:\/\/(?:oauth2\.googleapis\.com\/token|www\.googleapis\.com\/oauth2\/v4\/token|accounts\.google\.com\/o\/oauth2\/token)$/;
const OAUTH_URL = "https://oauth2.googleapis.com/token";
const SCOPE = "https://www.googleapis.com/auth/firebase.messaging";
/** How long a message for a call may be kept, before `calls` finds fault with it. */
const CALL_TTL_S = 60;
const LIFETIME_MS = 3_600_000;
/** A new one is made ten minutes before the last one expires. */
const ACCESS_TOKEN_AGE_MS = LIFETIME_MS - 600_000;

/**
 * FCM (HTTP v1) and Google's OAuth token endpoint as request handlers of msw, for a sender that runs in the process of its
 * tests: it needs no other address, no authority and no change. The rules, answers and findings are those of `createFcmMock`.
 *
 * They see what `fetch` and `node:http` hand to msw: not TLS, not HTTP/2 (`sendEach` of firebase-admin never gets here), and
 * nothing of connections.
 *
 * @example
 * const fcm = await fcmHandlers({ calls: true });
 * const server = setupServer(...fcm.handlers);
 * beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
 * afterEach(() => fcm.clear());
 * afterAll(() => server.close());
 *
 * test("a call wakes the phone", async () => {
 *   const token = fcm.issueToken();
 *   await myServer.call(token);
 *   expect((await fcm.nextPush({ token })).payload).toMatchObject({ message: { android: { priority: "HIGH" } } });
 *   fcm.expectNoFindings();
 * });
 */
export async function fcmHandlers(options: FcmHandlersOptions = {}): Promise<FcmHandlers> {
  const clock = liveClock();
  const credentials = await createFcmCredentials(given({ projectId: options.projectId }));
  const tokens = deviceTokens({ state: options.strict === true ? "unknown" : "current" });
  const core = mockCore<FcmMockAnswer>({
    service: "fcm",
    clock,
    log: pushLog({ clock }),
    script: answerScript(),
    tokens,
    store: fcmDeviceStore(),
    check: checkFcmAnswer,
    decide: decideFcm,
    withSource: findingSources([...fcmRules, assertionSource]),
    listeners: options,
  });
  const serving = serveMessages({
    clock,
    credentials,
    ...given({ packageName: options.packageName, profile: options.profile }),
    ttlMaxS: CALL_TTL_S,
    purpose: options.calls === true ? "call" : "any",
    lookUpToken: tokens.lookUp,
    hooks: core.hooks,
  });
  const bridge = fetchBridge(clock);
  const nowMs = (): number => Math.round(clock.epochMs + clock.now());
  const accessToken = renewed(clock, ACCESS_TOKEN_AGE_MS, () => {
    const [account, issuedAtMs] = [credentials.clientEmail, nowMs()];
    const grant = { account, scopes: [SCOPE], issuedAtMs, expiresAtMs: issuedAtMs + LIFETIME_MS };
    return serving.accessTokens.issue(grant).token;
  });
  const own: Omit<FcmHandlers, keyof PushMock<FcmMockAnswer>> = {
    handlers: [
      bridge.handler(MESSAGES, serving),
      bridge.handler(TOKEN_REQUESTS, {
        answer: (request) => serving.answerTokenRequest(request, []),
        answered: () => {},
      }),
    ],
    credentials: {
      projectId: credentials.projectId,
      serviceAccount: serviceAccountKey(credentials, OAUTH_URL),
    },
    oauthUrl: OAUTH_URL,
    issueToken({ replaces } = {}) {
      const token = createRegistrationToken();
      tokens.add({ token, state: "current", isReachable: true });
      if (replaces !== undefined) tokens.change(replaces, { state: "unregistered", sinceMs: nowMs() });
      return token;
    },
    accessToken: async () => accessToken(),
  };
  return withoutAddress(core, bridge.close, own);
}
