import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { type ClientHttp2Session, connect, constants, type OutgoingHttpHeaders } from "node:http2";
import type { Fault } from "./faults.ts";
import { providerTokens } from "./provider-token.ts";

export interface ApnsSettings {
  readonly url: string;
  readonly topic: string;
  readonly teamId: string;
  readonly keyId: string;
  readonly keyFile: string;
  /** PEM of the authority that signed the push service's certificate; absent: the system's. */
  readonly caFile: string | undefined;
}

/** What became of one push. `timestampMs`: since when the token is dead, as a 410 says. Status 0: no answer at all. */
export interface PushResult {
  readonly accepted: boolean;
  readonly status: number;
  readonly timestampMs?: number;
}

export interface PushClient {
  /** Sends a push for a call; never rejects. */
  push(token: string, payload: Buffer): Promise<PushResult>;
  close(): void;
}

/** A call nobody can be woken for within this time is over: the push need not live any longer. */
const EXPIRATION_S = 20;
const ANSWER_TIMEOUT_MS = 30_000;
const STORM = 5;

/** The provider side of APNs over one kept HTTP/2 connection. Throws when a key or certificate file cannot be read. */
export function createPushClient(settings: ApnsSettings, fault: Fault): PushClient {
  const ca = settings.caFile === undefined ? undefined : readFileSync(settings.caFile);
  const tokenNow = providerTokens(settings, fault);
  const sessions = new Set<ClientHttp2Session>();
  let kept: ClientHttp2Session | undefined;

  const open = (): ClientHttp2Session => {
    const session = connect(settings.url, ca === undefined ? {} : { ca });
    const forget = (): void => {
      if (kept === session) kept = undefined;
    };
    sessions.add(session);
    session.on("error", forget);
    session.on("goaway", forget);
    session.on("close", () => {
      sessions.delete(session);
      forget();
    });
    return session;
  };
  const session = (): ClientHttp2Session => {
    if (fault === "connection-per-push") return open();
    if (kept === undefined || kept.closed || kept.destroyed) kept = open();
    return kept;
  };

  const once = async (token: string, payload: Buffer): Promise<PushResult> => {
    const headers = pushHeaders(settings, token, await tokenNow(), fault);
    return new Promise((resolve) => {
      const connection = session();
      const stream = connection.request(headers);
      const chunks: Buffer[] = [];
      let status = 0;
      stream.setTimeout(ANSWER_TIMEOUT_MS, () => stream.close(constants.NGHTTP2_CANCEL));
      stream.on("response", (answer) => {
        status = answer[":status"] ?? 0;
      });
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("error", () => undefined);
      stream.on("close", () => {
        resolve(resultOf(stream.rstCode === 0 ? status : 0, Buffer.concat(chunks)));
        if (fault === "connection-per-push") connection.close();
      });
      stream.end(payload);
    });
  };

  return {
    push: async (token, payload) => {
      try {
        const result = await once(token, payload);
        if (fault === "retry-storm" && (result.status === 429 || result.status >= 500)) {
          for (let retry = 0; retry < STORM; retry += 1) await once(token, payload);
        }
        return result;
      } catch {
        return { accepted: false, status: 0 };
      }
    },
    close: () => {
      for (const one of sessions) one.destroy();
    },
  };
}

function pushHeaders(settings: ApnsSettings, token: string, jwt: string, fault: Fault): OutgoingHttpHeaders {
  const topic = fault === "topic-without-voip" ? settings.topic.replace(/\.voip$/, "") : settings.topic;
  const id = randomUUID();
  const lifeS = fault === "expiration-one-day" ? 86_400 : EXPIRATION_S;
  const named = fault === "token-truncated" ? token.slice(0, -2) : token;
  return {
    ":method": fault === "push-with-put" ? "PUT" : "POST",
    ":path": fault === "path-without-version" ? `/device/${named}` : `/3/device/${named}`,
    authorization: `bearer ${jwt}`,
    "apns-topic": fault === "duplicate-topic-header" ? [topic, topic] : topic,
    "apns-push-type": fault === "push-type-alert" ? "alert" : "voip",
    "apns-priority": fault === "priority-5" ? "5" : "10",
    "apns-expiration": String(Math.floor(Date.now() / 1000) + lifeS),
    "apns-id": fault === "apns-id-malformed" ? id.replaceAll("-", "") : id,
    ...(fault === "collapse-id-long" ? { "apns-collapse-id": "c".repeat(65) } : {}),
    "content-type": "application/json",
  };
}

function resultOf(status: number, body: Buffer): PushResult {
  if (status === 200) return { accepted: true, status };
  let timestampMs: unknown;
  try {
    timestampMs = (JSON.parse(body.toString("utf8")) as { readonly timestamp?: unknown }).timestamp;
  } catch {
    // No readable reason: the status says enough.
  }
  return { accepted: false, status, ...(typeof timestampMs === "number" ? { timestampMs } : {}) };
}
