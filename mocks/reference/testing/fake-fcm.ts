import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeJwt, type JWTPayload } from "jose";
import type { FcmSettings } from "../fcm-client.ts";
import { type FakeAnswer, openFakePushService, type ReceivedRequest } from "./fake-push-service.ts";

export interface ReceivedMessage extends ReceivedRequest {
  /** `message` of the body; empty when it has none. */
  readonly message: Readonly<Record<string, unknown>>;
  /** `message.data`. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** As much of FCM and of Google's token endpoint as a test of a push server needs. */
export interface FakeFcm {
  readonly settings: FcmSettings;
  readonly messages: readonly ReceivedMessage[];
  /** The nth message (from 1), as soon as it came. */
  message(nth: number): Promise<ReceivedMessage>;
  /** What the assertions said that access tokens were asked for with. */
  readonly assertions: readonly JWTPayload[];
  /** HTTP/2 frames of this type that came. */
  frames(type: number): readonly Buffer[];
  /** The next messages get these answers, the last of them for ever. */
  answer(...answers: readonly FakeAnswer[]): void;
  /** From now on the token endpoint refuses. */
  grantNothing(): void;
  close(): Promise<void>;
}

let privateKeyOnce: string | undefined;

export async function openFakeFcm(): Promise<FakeFcm> {
  const assertions: JWTPayload[] = [];
  let grants = true;
  const service = await openFakePushService((path, body) => {
    if (path !== "/token") return undefined;
    const claims = decodeJwt(new URLSearchParams(body).get("assertion") ?? "");
    assertions.push(claims);
    const tooLong = (claims.exp ?? 0) - (claims.iat ?? 0) > 3600;
    if (!grants || tooLong) return { status: 400, body: { error: "invalid_grant" } };
    const token = `ya29.granted-${assertions.length}`;
    return { status: 200, body: { access_token: token, expires_in: 3599, token_type: "Bearer" } };
  });
  // A key of its own for each fake would take longer than the test.
  privateKeyOnce ??= generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  }) as string;
  const serviceAccountFile = join(service.directory, "service-account.json");
  writeFileSync(
    serviceAccountFile,
    JSON.stringify({
      type: "service_account",
      project_id: "example-project",
      private_key_id: "0123456789abcdef",
      private_key: privateKeyOnce,
      client_email: "sender@example-project.iam.gserviceaccount.com",
      token_uri: `${service.url}/token`,
    }),
  );
  return {
    settings: { url: service.url, projectId: "example-project", serviceAccountFile, caFile: service.caFile },
    get messages() {
      return service.requests.map(withMessage);
    },
    message: async (nth) => withMessage(await service.request(nth)),
    assertions,
    frames: service.frames,
    answer: service.answer,
    grantNothing: () => {
      grants = false;
    },
    close: service.close,
  };
}

function withMessage(request: ReceivedRequest): ReceivedMessage {
  const message = objectIn(request.payload, "message");
  return { ...request, message, data: objectIn(message, "data") };
}

function objectIn(object: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  const found = object[name];
  return typeof found === "object" && found !== null ? (found as Readonly<Record<string, unknown>>) : {};
}
