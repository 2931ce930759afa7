import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { type OutgoingHttpHeaders, sensitiveHeaders } from "node:http2";
import { apnsPayload } from "./apns-payload.ts";
import type { Fault } from "./faults.ts";
import { frameFault } from "./frame-faults.ts";
import type { Profile } from "./profile.ts";
import { providerTokens } from "./provider-token.ts";
import { type Answer, pushConnection } from "./push-connection.ts";
import { NO_ANSWER, type PushResult, type PushService, STORM } from "./push-service.ts";

export interface ApnsSettings {
  readonly url: string;
  readonly topic: string;
  readonly teamId: string;
  readonly keyId: string;
  readonly keyFile: string;
  /** PEM of the authority that signed the push service's certificate; absent: the system's. */
  readonly caFile: string | undefined;
}

/** A call nobody can be woken for within this time is over: the push need not live any longer. */
const EXPIRATION_S = 20;
/** More PINGs in a moment than a connection needs in a day. */
const MANY_PINGS = 90;
/** More streams at once than APNs was lately seen to allow. */
const MANY_STREAMS = 1100;

/** The provider side of APNs over one kept HTTP/2 connection. Throws when a key or certificate file cannot be read. */
export function createApnsClient(settings: ApnsSettings, profile: Profile, fault: Fault): PushService {
  const ca = settings.caFile === undefined ? undefined : readFileSync(settings.caFile);
  const tokenNow = providerTokens(settings, fault);
  const sessionOptions = frameFault(fault, ca);
  const connection = pushConnection(settings.url, ca, {
    perRequest: fault === "connection-per-push",
    ...(sessionOptions === undefined ? {} : { sessionOptions }),
    ...(fault === "pings-often" ? { pings: MANY_PINGS } : {}),
    ...(fault === "ignores-stream-limit" ? { streamsAtOnce: MANY_STREAMS } : {}),
  });
  const once = async (token: string, payload: Buffer): Promise<PushResult> =>
    resultOf(await connection.request(pushHeaders(settings, token, await tokenNow(), fault), payload));
  return {
    push: async (token, call) => {
      try {
        const payload = apnsPayload(profile, call, fault);
        const result = await once(token, payload);
        if (fault === "retry-storm" && (result.status === 429 || result.status >= 500)) {
          for (let retry = 0; retry < STORM; retry += 1) await once(token, payload);
        }
        return result;
      } catch {
        return NO_ANSWER;
      }
    },
    close: connection.close,
  };
}

function pushHeaders(settings: ApnsSettings, token: string, jwt: string, fault: Fault): OutgoingHttpHeaders {
  const topic = fault === "topic-without-voip" ? settings.topic.replace(/\.voip$/, "") : settings.topic;
  const id = randomUUID();
  const lifeS = fault === "expiration-one-day" ? 86_400 : EXPIRATION_S;
  const named = fault === "token-truncated" ? token.slice(0, -2) : token;
  return {
    ":method": fault === "push-with-put" ? "PUT" : "POST",
    ...(fault === "apns-malformed-scheme" ? { ":scheme": "https:" } : {}),
    ":path": fault === "path-without-version" ? `/device/${named}` : `/3/device/${named}`,
    authorization: `bearer ${jwt}`,
    "apns-topic": fault === "duplicate-topic-header" ? [topic, topic] : topic,
    "apns-push-type": fault === "push-type-alert" ? "alert" : "voip",
    "apns-priority": fault === "priority-5" ? "5" : "10",
    "apns-expiration": String(Math.floor(Date.now() / 1000) + lifeS),
    "apns-id": fault === "apns-id-malformed" ? id.replaceAll("-", "") : id,
    ...(fault === "collapse-id-long" ? { "apns-collapse-id": "c".repeat(65) } : {}),
    ...(fault === "broadcast-header" ? { "apns-request-id": randomUUID() } : {}),
    "content-type": "application/json",
    // Apple, Sending notification requests to APNs: :path and authorization are literals without indexing, and so are the
    // fields after it once they were sent. Node never indexes :path.
    [sensitiveHeaders]: ["authorization", "apns-id", "apns-expiration", "apns-collapse-id"],
  };
}

function resultOf({ status, body }: Answer): PushResult {
  if (status === 200) return { accepted: true, status };
  if (status !== 410) return { accepted: false, status };
  const sinceMs = timestampIn(body);
  return { accepted: false, status, tokenDead: sinceMs === undefined ? {} : { sinceMs } };
}

function timestampIn(body: Buffer): number | undefined {
  try {
    const { timestamp } = JSON.parse(body.toString("utf8")) as { readonly timestamp?: unknown };
    return typeof timestamp === "number" ? timestamp : undefined;
  } catch {
    // No readable reason: the status says enough.
    return undefined;
  }
}
