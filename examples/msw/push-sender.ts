/**
 * A small push server's sender: FCM HTTP v1 by `fetch`, with a service account of its own. It knows Google's addresses and
 * nothing of tests.
 */
import { createSign } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

export interface ServiceAccount {
  readonly project_id: string;
  readonly private_key: string;
  readonly private_key_id: string;
  readonly client_email: string;
}

export interface Call {
  readonly callId: string;
  readonly caller: string;
}

/** What became of a push: `gone` means that the token is to be forgotten. */
export type Sent =
  | { readonly kind: "sent"; readonly name: string }
  | { readonly kind: "gone" }
  | { readonly kind: "failed"; readonly status: number; readonly message: string };

export interface PushSender {
  wake(token: string, call: Call): Promise<Sent>;
}

interface FcmReply {
  readonly name?: string;
  readonly error?: { readonly message: string; readonly details?: readonly { readonly errorCode?: string }[] };
}

const OAUTH = "https://oauth2.googleapis.com/token";
const SCOPE = "https://www.googleapis.com/auth/firebase.messaging";
/** Nobody waits longer for a call. */
const RING_S = 30;
const MOST_ATTEMPTS = 3;

export function pushSender(account: ServiceAccount): PushSender {
  let access: { readonly token: string; readonly untilMs: number } | undefined;

  async function accessToken(): Promise<string> {
    if (access !== undefined && Date.now() < access.untilMs) return access.token;
    const form = { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: assertionOf(account) };
    const response = await fetch(OAUTH, { method: "POST", body: new URLSearchParams(form) });
    if (!response.ok) throw new TypeError(`No access token: ${await response.text()}`);
    const granted = (await response.json()) as { readonly access_token: string; readonly expires_in: number };
    access = { token: granted.access_token, untilMs: Date.now() + (granted.expires_in - 60) * 1000 };
    return access.token;
  }

  async function post(token: string, { callId, caller }: Call): Promise<Response> {
    return await fetch(`https://fcm.googleapis.com/v1/projects/${account.project_id}/messages:send`, {
      method: "POST",
      headers: { authorization: `Bearer ${await accessToken()}`, "content-type": "application/json" },
      body: JSON.stringify({
        message: { token, data: { callId, caller }, android: { priority: "HIGH", ttl: `${RING_S}s` } },
      }),
    });
  }

  return {
    async wake(token, call) {
      for (let attempt = 1; ; attempt++) {
        const response = await post(token, call);
        const retryAfterS = Number(response.headers.get("retry-after") ?? Number.NaN);
        if (response.status === 503 && attempt < MOST_ATTEMPTS && retryAfterS <= RING_S) {
          await sleep(retryAfterS * 1000);
          continue;
        }
        return outcome(response.status, (await response.json()) as FcmReply);
      }
    },
  };
}

function outcome(status: number, { name, error }: FcmReply): Sent {
  if (name !== undefined) return { kind: "sent", name };
  const isGone = error?.details?.some(({ errorCode }) => errorCode === "UNREGISTERED") ?? false;
  return isGone ? { kind: "gone" } : { kind: "failed", status, message: error?.message ?? "" };
}

/** Google, "Using OAuth 2.0 for Server to Server Applications", HTTP/REST. */
function assertionOf({ client_email: iss, private_key: key, private_key_id: kid }: ServiceAccount): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const iat = Math.floor(Date.now() / 1000);
  const text = `${part({ alg: "RS256", typ: "JWT", kid })}.${part({ iss, scope: SCOPE, aud: OAUTH, iat, exp: iat + 3600 })}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(key, "base64url")}`;
}
