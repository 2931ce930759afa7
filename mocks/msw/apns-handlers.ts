import { randomBytes } from "node:crypto";
import type { HttpHandler } from "msw";
import { liveClock } from "../../harness/clock/clock.ts";
import { UsageError } from "../../harness/errors.ts";
import { createApnsCredentials } from "../apns/apns-credentials.ts";
import { faultBoard, type ApnsFault } from "../apns/apns-fault.ts";
import type { ApnsEnvironment } from "../apns/apns-profile.ts";
import type { ApnsReason } from "../apns/apns-reason.ts";
import { apnsRules } from "../apns/apns-rules.ts";
import { apnsService } from "../apns/apns-service.ts";
import { openedConnection } from "../apns/connection-state.ts";
import { apnsDeviceStore } from "../apns/device-store.ts";
import { servePushes } from "../apns/serve-pushes.ts";
import { answerScript } from "../standalone/answer-script.ts";
import type { ApnsMock, ApnsMockOptions } from "../standalone/apns-mock.ts";
import { apnsFaultOf, checkApnsAnswer } from "../standalone/apns-scripted.ts";
import { deviceTokens } from "../standalone/device-tokens.ts";
import { findingSources } from "../standalone/finding-sources.ts";
import { given } from "../standalone/given.ts";
import { mockCore } from "../standalone/mock-core.ts";
import { ownProviderToken } from "../standalone/own-provider-token.ts";
import { pushLog } from "../standalone/push-log.ts";
import type { PushMock } from "../standalone/push-mock.ts";
import { renewed } from "../standalone/renewed.ts";
import { fetchBridge, NO_CONNECTION } from "./fetch-bridge.ts";
import { withoutAddress, type AddressMember } from "./without-address.ts";

/**
 * Those of `createApnsMock` that do not say where to listen. What `profile` says of connections (streams, errors, idleness,
 * refresh of provider tokens) has no effect.
 */
export type ApnsHandlersOptions = Omit<ApnsMockOptions, "bind" | "port" | "advertise">;

/** How a push can be answered other than by the rules, where there is no connection to play with. */
export type ApnsHandlersAnswer = ApnsReason | Extract<ApnsFault, { readonly kind: (typeof FAULTS)[number] }>;

/** What `createApnsMock` makes, without an address and without what takes a connection. */
export interface ApnsHandlers
  extends
    Omit<PushMock<ApnsHandlersAnswer>, AddressMember | "close">,
    Pick<ApnsMock, "issueToken" | "expireToken" | "providerToken"> {
  /** For `setupServer(...)` of msw. */
  readonly handlers: readonly HttpHandler[];
  readonly credentials: Pick<ApnsMock["credentials"], "teamId" | "keyId" | "p8Pem">;
  /** Ends what waits for a push or is held back. The handlers answer nothing any more. */
  close(): Promise<void>;
}

const FAULTS = ["status", "reset", "delay", "no-answer"] as const;
/** Both ports (Apple, "Sending notification requests to APNs", Establish a connection to APNs). */
const HOSTS: Readonly<Record<ApnsEnvironment, RegExp>> = {
  production: /^https:\/\/api\.push\.apple\.com(?::2197)?\//,
  sandbox: /^https:\/\/api\.(?:sandbox|development)\.push\.apple\.com(?::2197)?\//,
};
const TOKEN_BYTES = 32;
/** Between the 20 minutes in which Apple wants no second one, and the 60 after which it is too old. */
const PROVIDER_TOKEN_AGE_MS = 40 * 60_000;

/**
 * APNs as a request handler of msw, for a sender that uses `fetch` (with an HTTP/2 dispatcher of undici) and runs in the process
 * of its tests. The rules, answers and findings are those of `createApnsMock`, but for what takes a connection: TLS and client
 * certificates, HTTP/2 (a sender of HTTP/1.1 is answered here and by no APNs), streams and GOAWAY, the team a connection is
 * bound to, and provider tokens renewed within 20 minutes. Each push is judged as the first one of its connection.
 *
 * A sender on `node:http2`, or on undici's own `fetch`, `request` or `Pool`, never gets here: use `createApnsMock` for it.
 *
 * @example
 * const apns = await apnsHandlers({ bundleIds: ["com.example.phone"] });
 * const server = setupServer(...apns.handlers);
 */
export async function apnsHandlers(options: ApnsHandlersOptions = {}): Promise<ApnsHandlers> {
  const { bundleIds, environment = "production", profile } = options;
  const clock = liveClock();
  const credentials = createApnsCredentials();
  const tokens = deviceTokens({ state: options.strict === true ? "unknown" : "current", environment });
  const faults = faultBoard();
  const core = mockCore<ApnsHandlersAnswer>({
    service: "apns",
    clock,
    log: pushLog({ clock }),
    script: answerScript(),
    tokens,
    store: apnsDeviceStore(),
    check: checkAnswer,
    decide(answer) {
      // Taken at once, for the push that is asked about.
      faults.inject({ fault: apnsFaultOf(answer), times: 1 });
      return { kind: "by-rules", answerDelayMs: 0 };
    },
    withSource: findingSources(apnsRules),
    listeners: options,
    canonical: (token) => token.toLowerCase(),
  });
  const service = apnsService({
    environment,
    ...given({ bundleIds, profile }),
    credentials,
    lookUpToken: tokens.lookUp,
  });
  const serving = servePushes({
    service,
    clock,
    hooks: core.hooks,
    faults,
    connectionOf: (http) => ({
      http,
      state: openedConnection(NO_CONNECTION.id, service.profile),
      awake: () => {},
      sleep: () => {},
    }),
  });
  const bridge = fetchBridge(clock);
  const nowMs = (): number => Math.round(clock.epochMs + clock.now());
  const own: Omit<ApnsHandlers, keyof PushMock<ApnsHandlersAnswer>> = {
    handlers: [bridge.handler(HOSTS[environment], serving)],
    credentials: { teamId: credentials.teamId, keyId: credentials.keyId, p8Pem: credentials.p8Pem },
    issueToken(of = {}) {
      const token = randomBytes(TOKEN_BYTES).toString("hex");
      const apps = of.topic === undefined ? {} : { apps: [of.topic] };
      tokens.add({ token, state: "current", environment: of.environment ?? environment, isReachable: true, ...apps });
      if (of.replaces !== undefined) tokens.change(of.replaces.toLowerCase(), { state: "replaced" });
      return token;
    },
    expireToken: (token, sinceMs = nowMs()) => tokens.change(token.toLowerCase(), { state: "expired", sinceMs }),
    providerToken: renewed(clock, PROVIDER_TOKEN_AGE_MS, () => ownProviderToken(credentials, nowMs())),
  };
  return withoutAddress(core, bridge.close, own);
}

/** @throws UsageError for an answer that is none, or that takes a connection */
function checkAnswer(answer: ApnsHandlersAnswer): void {
  checkApnsAnswer(answer);
  if (typeof answer === "string" || FAULTS.includes(answer.kind)) return;
  const known = FAULTS.join(", ");
  const { kind } = answer as ApnsFault;
  throw new UsageError("bad-answer", `${kind} takes a connection, see createApnsMock. Known without one: ${known}.`);
}
