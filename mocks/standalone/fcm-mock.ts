import { liveClock } from "../../harness/clock/clock.ts";
import { fcmDeviceStore } from "../fcm/device-store.ts";
import { createFcmCredentials, serviceAccountKey, type ServiceAccountKey } from "../fcm/fcm-credentials.ts";
import type { FcmProfile } from "../fcm/fcm-profile.ts";
import { assertionSource } from "../fcm/oauth-assertion.ts";
import { fcmRules } from "../fcm/fcm-rules.ts";
import { startFcmServer } from "../fcm/fcm-server.ts";
import { createRegistrationToken } from "../fcm/registration-token.ts";
import { createTestAuthority } from "../tls/test-authority.ts";
import { answerScript } from "./answer-script.ts";
import { deviceTokens } from "./device-tokens.ts";
import { checkFcmAnswer, decideFcm, type FcmMockAnswer } from "./fcm-scripted.ts";
import { findingSources } from "./finding-sources.ts";
import { given } from "./given.ts";
import { mockCore } from "./mock-core.ts";
import type { MockWorld } from "./mock-world.ts";
import { ownAccessToken } from "./own-access-token.ts";
import { pushLog } from "./push-log.ts";
import type { MockListeners, PushMock } from "./push-mock.ts";
import { renewed } from "./renewed.ts";

export interface FcmMockOptions extends MockListeners {
  /** Address to listen on. @default "127.0.0.1" */
  readonly bind?: string;
  /** @default 0, any free port */
  readonly port?: number;
  /** The name clients reach it by: `url` and the certificate have it. @default `bind` */
  readonly advertise?: string;
  /** @default a made-up one, as in `ringtrue-3fa201` */
  readonly projectId?: string;
  /** The package of the app; a message's `restricted_package_name` must be it. @default any */
  readonly packageName?: string;
  /**
   * Every message is meant to make a phone ring: one of normal priority, with a `notification`, or without a short `ttl`
   * draws a finding.
   * @default false
   */
  readonly calls?: boolean;
  /** Only tokens that `issueToken` gave are known; others draw 404 `UNREGISTERED`. @default false: every token is taken for a phone's */
  readonly strict?: boolean;
  /** What Google does not publish. */
  readonly profile?: Partial<FcmProfile>;
}

export interface FcmMock extends PushMock<FcmMockAnswer> {
  readonly credentials: {
    readonly projectId: string;
    /** A service account's key as Google hands it out, for `cert(...)` of firebase-admin and the like. `token_uri` is `oauthUrl`. */
    readonly serviceAccount: ServiceAccountKey;
  };
  /** The token endpoint of OAuth 2.0: trades assertions of the service account for access tokens. */
  readonly oauthUrl: string;
  /**
   * A registration token as an app instance has it.
   * @param options `replaces`: the app's token until now, which is no longer registered
   */
  issueToken(options?: { readonly replaces?: string }): string;
  /** An access token of the service account, got from the token endpoint: for a client that has no OAuth of its own. */
  accessToken(): Promise<string>;
}

/** How long a message for a call may be kept, before `calls` finds fault with it. */
const CALL_TTL_S = 60;
/** Access tokens last an hour. */
const ACCESS_TOKEN_AGE_MS = 50 * 60_000;

/**
 * Starts a simulated FCM (HTTP v1) and OAuth token endpoint for a test suite: HTTP/2 and HTTP/1.1 over TLS, with a test
 * authority and a service account of its own.
 *
 * @example
 * const fcm = await createFcmMock();
 * const token = fcm.issueToken();
 * await myServer.notify(token);
 * expect((await fcm.nextPush({ token })).payload).toMatchObject({ message: { android: { priority: "HIGH" } } });
 * fcm.expectNoFindings();
 * await fcm.close();
 *
 * @throws UsageError when it cannot listen
 */
export async function createFcmMock(options: FcmMockOptions = {}): Promise<FcmMock> {
  const clock = liveClock();
  return await startFcmMock(options, { clock, log: pushLog({ clock }), authority: await createTestAuthority() });
}

/** The same within a world whose clock, log and authority are shared. */
export async function startFcmMock(
  options: FcmMockOptions,
  { clock, log, authority, portField = "port" }: MockWorld,
): Promise<FcmMock> {
  const isStrict = options.strict === true;
  const credentials = await createFcmCredentials(given({ projectId: options.projectId }));
  const tokens = deviceTokens({ state: isStrict ? "unknown" : "current" });
  const core = mockCore<FcmMockAnswer>({
    service: "fcm",
    clock,
    log,
    script: answerScript(),
    tokens,
    store: fcmDeviceStore(),
    check: checkFcmAnswer,
    decide: decideFcm,
    withSource: findingSources([...fcmRules, assertionSource]),
    listeners: options,
    advertise: options.advertise,
  });
  const server = await startFcmServer({
    bind: options.bind ?? "127.0.0.1",
    portField,
    ...given({ port: options.port, profile: options.profile, packageName: options.packageName }),
    ...(options.advertise === undefined ? {} : { names: [options.advertise] }),
    clock,
    authority,
    credentials,
    ttlMaxS: CALL_TTL_S,
    purpose: options.calls === true ? "call" : "any",
    lookUpToken: tokens.lookUp,
    hooks: core.hooks,
  });
  const { oauthUrl } = server;
  const serviceAccount = serviceAccountKey(credentials, oauthUrl);
  const nowMs = (): number => Math.round(clock.epochMs + clock.now());
  const accessToken = renewed(clock, ACCESS_TOKEN_AGE_MS, () =>
    ownAccessToken(serviceAccount, authority.caPem, nowMs()),
  );
  return core.withServer<Omit<FcmMock, keyof PushMock<FcmMockAnswer>>>(
    { ...server, caPem: authority.caPem },
    {
      credentials: { projectId: credentials.projectId, serviceAccount },
      oauthUrl,
      issueToken({ replaces }: { readonly replaces?: string } = {}) {
        const token = createRegistrationToken();
        tokens.add({ token, state: "current", isReachable: true });
        if (replaces !== undefined) tokens.change(replaces, { state: "unregistered", sinceMs: nowMs() });
        return token;
      },
      accessToken,
    },
  );
}
