import { randomBytes } from "node:crypto";
import { liveClock } from "../../harness/clock/clock.ts";
import { createApnsCredentials } from "../apns/apns-credentials.ts";
import { strictApnsProfile, type ApnsEnvironment, type ApnsProfile } from "../apns/apns-profile.ts";
import { apnsRules } from "../apns/apns-rules.ts";
import { startApnsServer } from "../apns/apns-server.ts";
import { apnsDeviceStore } from "../apns/device-store.ts";
import { wireRules } from "../apns/wire-rules.ts";
import { createTestAuthority } from "../tls/test-authority.ts";
import { answerScript } from "./answer-script.ts";
import { apnsFaultOf, checkApnsAnswer, type ApnsMockAnswer } from "./apns-scripted.ts";
import { deviceTokens } from "./device-tokens.ts";
import { findingSources } from "./finding-sources.ts";
import { given } from "./given.ts";
import { mockCore } from "./mock-core.ts";
import type { MockWorld } from "./mock-world.ts";
import { ownProviderToken } from "./own-provider-token.ts";
import { pushLog } from "./push-log.ts";
import type { MockListeners, PushMock } from "./push-mock.ts";
import { renewed } from "./renewed.ts";

export interface ApnsMockOptions extends MockListeners {
  /** Address to listen on. @default "127.0.0.1" */
  readonly bind?: string;
  /** @default 0, any free port */
  readonly port?: number;
  /** The name clients reach it by: `url` and the certificate have it. @default `bind` */
  readonly advertise?: string;
  /**
   * The apps that may be pushed to; others draw 400 `TopicDisallowed`. The client certificate is the first one's.
   * @default any app; the certificate is that of `com.example.phone`
   */
  readonly bundleIds?: readonly string[];
  /** Which of the two APNs it is. @default "production" */
  readonly environment?: ApnsEnvironment;
  /**
   * As strict as APNs is known to be: only tokens that `issueToken` gave are known, one stream until the first valid provider
   * token, fewer streams after errors, 429 for provider tokens renewed within 20 minutes.
   * @default false: every hexadecimal token is taken for a phone's
   */
  readonly strict?: boolean;
  /** What Apple does not publish. */
  readonly profile?: Partial<ApnsProfile>;
}

export interface ApnsTokenOptions {
  /** The topic it is for, `<bundle id>.voip` for a VoIP push; a push to another draws 400 `DeviceTokenNotForTopic`. @default any */
  readonly topic?: string;
  /** @default that of the mock */
  readonly environment?: ApnsEnvironment;
  /** The app's token until now; pushes to it are accepted and reach nobody. */
  readonly replaces?: string;
}

export interface ApnsMock extends PushMock<ApnsMockAnswer> {
  readonly credentials: {
    /** 10 characters, the `iss` claim of a provider token. */
    readonly teamId: string;
    /** 10 characters, the `kid` header of a provider token. */
    readonly keyId: string;
    /** What the `AuthKey_<keyId>.p8` file holds. */
    readonly p8Pem: string;
    /** A client certificate and its key, for senders that use one in place of provider tokens. */
    readonly certificatePem: string;
    readonly certificateKeyPem: string;
  };
  /** A device token as an app is given it: hexadecimal, lower case. */
  issueToken(options?: ApnsTokenOptions): string;
  /** The token has expired: pushes draw 410 `ExpiredToken`. @param sinceMs epoch milliseconds; the present time by default */
  expireToken(token: string, sinceMs?: number): void;
  /** A provider token that is good now: for a client that signs none of its own. */
  providerToken(): string;
  /** Sends GOAWAY with this reason on every connection. */
  goAway(reason: "Shutdown" | "IdleTimeout"): void;
}

const DEFAULT_BUNDLE = "com.example.phone";
const TOKEN_BYTES = 32;
/** Between the 20 minutes in which Apple wants no second one, and the 60 after which it is too old. */
const PROVIDER_TOKEN_AGE_MS = 40 * 60_000;

/**
 * Starts a simulated APNs for a test suite: HTTP/2 over TLS with a test authority, signing key and client certificate of its
 * own.
 *
 * @example
 * const apns = await createApnsMock({ bundleIds: ["com.example.phone"] });
 * const token = apns.issueToken({ topic: "com.example.phone.voip" });
 * await myServer.call(token);
 * expect((await apns.nextPush({ token })).payload).toMatchObject({ callUUID: expect.any(String) });
 * apns.expectNoFindings();
 * await apns.close();
 *
 * @throws UsageError when it cannot listen
 */
export async function createApnsMock(options: ApnsMockOptions = {}): Promise<ApnsMock> {
  const clock = liveClock();
  return await startApnsMock(options, { clock, log: pushLog({ clock }), authority: await createTestAuthority() });
}

/** The same within a world whose clock, log and authority are shared. */
export async function startApnsMock(
  options: ApnsMockOptions,
  { clock, log, authority, portField = "port" }: MockWorld,
): Promise<ApnsMock> {
  const { bundleIds, environment = "production" } = options;
  const isStrict = options.strict === true;
  const { caPem } = authority;
  const credentials = createApnsCredentials();
  const client = await authority.issueClient({ bundleId: bundleIds?.[0] ?? DEFAULT_BUNDLE });
  const tokens = deviceTokens({ state: isStrict ? "unknown" : "current", environment });
  const core = mockCore<ApnsMockAnswer>({
    service: "apns",
    clock,
    log,
    script: answerScript(),
    tokens,
    store: apnsDeviceStore(),
    check: checkApnsAnswer,
    decide(answer, push) {
      // The server takes it at once for the push it is asking about.
      server.inject({
        fault: apnsFaultOf(answer),
        connection: push.connection,
        ...given({ token: push.token }),
        times: 1,
      });
      return { kind: "by-rules", answerDelayMs: 0 };
    },
    withSource: findingSources([...apnsRules, ...Object.values(wireRules)]),
    listeners: options,
    canonical: (token) => token.toLowerCase(),
    advertise: options.advertise,
  });
  const server = await startApnsServer({
    bind: options.bind ?? "127.0.0.1",
    portField,
    ...given({ port: options.port, bundleIds }),
    ...(options.advertise === undefined ? {} : { names: [options.advertise] }),
    environment,
    clock,
    authority,
    credentials,
    profile: { ...(isStrict ? strictApnsProfile : { refresh: "warned" }), ...options.profile },
    lookUpToken: tokens.lookUp,
    hooks: core.hooks,
  });
  const nowMs = (): number => Math.round(clock.epochMs + clock.now());
  return core.withServer<Omit<ApnsMock, keyof PushMock<ApnsMockAnswer>>>(
    { ...server, caPem },
    {
      credentials: {
        teamId: credentials.teamId,
        keyId: credentials.keyId,
        p8Pem: credentials.p8Pem,
        certificatePem: client.certPem,
        certificateKeyPem: client.keyPem,
      },
      issueToken(of: ApnsTokenOptions = {}) {
        const token = randomBytes(TOKEN_BYTES).toString("hex");
        const apps = of.topic === undefined ? {} : { apps: [of.topic] };
        tokens.add({ token, state: "current", environment: of.environment ?? environment, isReachable: true, ...apps });
        if (of.replaces !== undefined) tokens.change(of.replaces.toLowerCase(), { state: "replaced" });
        return token;
      },
      expireToken: (token: string, sinceMs = nowMs()) =>
        tokens.change(token.toLowerCase(), { state: "expired", sinceMs }),
      providerToken: renewed(clock, PROVIDER_TOKEN_AGE_MS, () => ownProviderToken(credentials, nowMs())),
      goAway: (reason: "Shutdown" | "IdleTimeout") => server.goAway(reason),
    },
  );
}
