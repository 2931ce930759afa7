import { readFileSync } from "node:fs";
import { type OutgoingHttpHeaders, sensitiveHeaders } from "node:http2";
import { accessTokens } from "./access-token.ts";
import type { Fault } from "./faults.ts";
import { fcmResult, retryAfterMs } from "./fcm-answer.ts";
import { fcmMessage } from "./fcm-message.ts";
import type { Profile } from "./profile.ts";
import { type Answer, pushConnection } from "./push-connection.ts";
import { NO_ANSWER, type Patience, type PushService, STORM } from "./push-service.ts";
import { readServiceAccount } from "./service-account.ts";

export interface FcmSettings {
  readonly url: string;
  readonly projectId: string;
  /** Google's key file of a service account. */
  readonly serviceAccountFile: string;
  /** PEM of the authority that signed the certificates of FCM and OAuth; absent: the system's. */
  readonly caFile: string | undefined;
}

/** Clocks differ by less: nobody can say that we came too soon. */
const LATER_MS = 500;

/** The provider side of FCM HTTP v1 over one kept HTTP/2 connection. Throws when a file cannot be read. */
export function createFcmClient(settings: FcmSettings, profile: Profile, fault: Fault): PushService {
  const ca = settings.caFile === undefined ? undefined : readFileSync(settings.caFile);
  const tokens = accessTokens(readServiceAccount(settings.serviceAccountFile), ca, fault);
  const connection = pushConnection(settings.url, ca, { perRequest: fault === "fcm-connection-per-push" });

  const once = async (message: Buffer): Promise<Answer> => {
    const accessToken = await tokens.now();
    const answer = await connection.request(sendHeaders(settings, accessToken, fault), message);
    if (answer.status === 401) tokens.refused(accessToken);
    return answer;
  };
  /** Google: a refused token calls for a new one; Retry-After is to be honoured; all else cannot be mended by repetition. */
  const again = async (answer: Answer, message: Buffer, patience: Patience): Promise<Answer> => {
    if (answer.status === 401) return once(message);
    const delayMs = retryAfterMs(answer, Date.now());
    if (delayMs !== undefined) {
      const goesOn = fault === "fcm-ignores-retry-after" || (await patience(delayMs + LATER_MS));
      return goesOn ? once(message) : answer;
    }
    const refused = answer.status >= 400 && answer.status < 500;
    return refused && fault === "fcm-retries-refused" ? once(message) : answer;
  };

  return {
    push: async (token, call, patience) => {
      try {
        const message = fcmMessage(profile, token, call, fault);
        const first = await once(message);
        if (fault === "retry-storm" && (first.status === 429 || first.status >= 500)) {
          for (let retry = 0; retry < STORM; retry += 1) await once(message);
          return fcmResult(first);
        }
        return fcmResult(await again(first, message, patience));
      } catch {
        return NO_ANSWER;
      }
    },
    close: connection.close,
  };
}

function sendHeaders({ projectId }: FcmSettings, accessToken: string, fault: Fault): OutgoingHttpHeaders {
  const legacy = fault === "fcm-legacy-endpoint";
  const project = fault === "fcm-wrong-project" ? "another-project" : projectId;
  return {
    ":method": "POST",
    ":path": legacy ? "/fcm/send" : `/v1/projects/${project}/messages:send`,
    ...(fault === "fcm-malformed-scheme" ? { ":scheme": "https:" } : {}),
    // The dead endpoint took the server key of the project.
    authorization: legacy ? "key=AAAAexample" : `Bearer ${accessToken}`,
    "content-type": fault === "fcm-body-not-json" ? "application/x-www-form-urlencoded" : "application/json",
    [sensitiveHeaders]: ["authorization"],
  };
}
