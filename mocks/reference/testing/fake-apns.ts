import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ApnsSettings } from "../apns-client.ts";
import { openFakePushService, type ReceivedRequest } from "./fake-push-service.ts";

export interface ReceivedPush extends ReceivedRequest {
  readonly token: string;
}

/** As much of APNs as a test of a push server needs: it notes every push and answers as it is told. */
export interface FakeApns {
  readonly settings: ApnsSettings;
  readonly pushes: readonly ReceivedPush[];
  /** The nth push (from 1), as soon as it came. */
  push(nth: number): Promise<ReceivedPush>;
  /** HTTP/2 frames of this type that came. */
  frames(type: number): readonly Buffer[];
  /** From now on pushes get this answer. Status 0: the stream is reset. */
  answer(status: number, body?: object): void;
  close(): Promise<void>;
}

export async function openFakeApns(): Promise<FakeApns> {
  const service = await openFakePushService();
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const keyFile = join(service.directory, "key.p8");
  writeFileSync(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }));
  return {
    settings: {
      url: service.url,
      topic: "com.example.phone.voip",
      teamId: "TEAM123456",
      keyId: "KEY1234567",
      keyFile,
      caFile: service.caFile,
    },
    get pushes() {
      return service.requests.map(withToken);
    },
    push: async (nth) => withToken(await service.request(nth)),
    frames: service.frames,
    answer: (status, body) => service.answer(body === undefined ? { status } : { status, body }),
    close: service.close,
  };
}

function withToken(request: ReceivedRequest): ReceivedPush {
  return { ...request, token: request.path.split("/").at(-1) ?? "" };
}
