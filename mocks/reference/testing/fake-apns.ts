import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createSecureServer, type IncomingHttpHeaders, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import type { ApnsSettings } from "../push-client.ts";

export interface ReceivedPush {
  readonly headers: IncomingHttpHeaders;
  readonly token: string;
  readonly text: string;
  readonly payload: Record<string, unknown>;
  readonly connection: number;
}

/** As much of APNs as a test of a push server needs: it notes every push and answers as it is told. */
export interface FakeApns {
  readonly settings: ApnsSettings;
  readonly pushes: readonly ReceivedPush[];
  /** The nth push (from 1), as soon as it came. */
  push(nth: number): Promise<ReceivedPush>;
  /** From now on pushes get this answer. Status 0: the stream is reset. */
  answer(status: number, body?: object): void;
  close(): Promise<void>;
}

const DEADLINE_MS = 5000;
let certificateOnce: ReturnType<typeof generate> | undefined;

export async function openFakeApns(): Promise<FakeApns> {
  const directory = mkdtempSync(join(tmpdir(), "reference-"));
  certificateOnce ??= generate([{ name: "commonName", value: "127.0.0.1" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
  const certificate = await certificateOnce;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const keyFile = join(directory, "key.p8");
  const caFile = join(directory, "ca.pem");
  writeFileSync(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(caFile, certificate.cert);

  const pushes: ReceivedPush[] = [];
  const waiters = new Set<() => void>();
  const sessions = new Set<ServerHttp2Session>();
  let connections = 0;
  let answer: { readonly status: number; readonly body: object | undefined } = { status: 200, body: undefined };
  const server = createSecureServer({ key: certificate.private, cert: certificate.cert });
  server.on("session", (session) => {
    connections += 1;
    const connection = connections;
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    session.on("error", () => undefined);
    session.on("stream", (stream, headers) => {
      const chunks: Buffer[] = [];
      stream.on("error", () => undefined);
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        pushes.push({
          headers,
          token: headers[":path"]?.split("/").at(-1) ?? "",
          text,
          payload: objectFrom(text),
          connection,
        });
        for (const wake of waiters) wake();
        if (answer.status === 0) stream.close(8);
        else {
          stream.respond({ ":status": answer.status });
          stream.end(answer.body === undefined ? "" : JSON.stringify(answer.body));
        }
      });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    settings: {
      url: `https://127.0.0.1:${port}`,
      topic: "com.example.phone.voip",
      teamId: "TEAM123456",
      keyId: "KEY1234567",
      keyFile,
      caFile,
    },
    pushes,
    push: (nth) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pushes[nth - 1];
          if (found === undefined) return;
          clearTimeout(timer);
          waiters.delete(look);
          resolve(found);
        };
        const timer = setTimeout(() => {
          waiters.delete(look);
          reject(new Error(`push ${nth} did not come; there were ${pushes.length}`));
        }, DEADLINE_MS);
        waiters.add(look);
        look();
      }),
    answer: (status, body) => {
      answer = { status, body };
    },
    close: async () => {
      for (const session of sessions) session.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function objectFrom(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
