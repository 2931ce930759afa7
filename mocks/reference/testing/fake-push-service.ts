import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttp1Server, type IncomingHttpHeaders } from "node:http";
import { createServer as createHttp2Server, Http2ServerResponse } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex, Transform } from "node:stream";
import { createServer } from "node:tls";
import { generate } from "selfsigned";

/** A request as it came. */
export interface ReceivedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
  readonly text: string;
  /** The JSON object in the body; empty when there is none. */
  readonly payload: Record<string, unknown>;
  /** Counts up from 1. */
  readonly connection: number;
}

export interface FakeAnswer {
  /** 0: the stream is reset. */
  readonly status: number;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** As much of a push service as a test of a server needs: HTTP over TLS that notes every request and every byte. */
export interface FakePushService {
  readonly url: string;
  readonly directory: string;
  readonly caFile: string;
  readonly requests: readonly ReceivedRequest[];
  /** The nth request (from 1), as soon as it came. */
  request(nth: number): Promise<ReceivedRequest>;
  /** Frames of this type that came over a connection with HTTP/2; none for ALPN's other choice. */
  frames(type: number): readonly Buffer[];
  /** The next requests get these answers, the last of them for ever. */
  answer(...answers: readonly FakeAnswer[]): void;
  close(): Promise<void>;
}

const DEADLINE_MS = 5000;
const PREFACE_BYTES = 24;
let certificateOnce: ReturnType<typeof generate> | undefined;

/** `elsewhere`: answers of paths that are not for pushes; undefined for all others. */
export async function openFakePushService(
  elsewhere: (path: string, body: string) => FakeAnswer | undefined = () => undefined,
): Promise<FakePushService> {
  const directory = mkdtempSync(join(tmpdir(), "reference-"));
  certificateOnce ??= generate([{ name: "commonName", value: "127.0.0.1" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
  const certificate = await certificateOnce;
  const caFile = join(directory, "ca.pem");
  writeFileSync(caFile, certificate.cert);

  const requests: ReceivedRequest[] = [];
  const waiters = new Set<() => void>();
  const sockets = new Set<Socket>();
  const heard = new Map<number, Buffer[]>();
  const numbers = new WeakMap<object, number>();
  let answers: readonly FakeAnswer[] = [{ status: 200 }];

  const onRequest = (request: Duplex & RequestHead, response: ResponseHead): void => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", () => undefined);
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const other = elsewhere(request.url, text);
      if (other !== undefined) return reply(response, other);
      const connection = numbers.get(request.stream?.session ?? request) ?? 0;
      requests.push({ headers: request.headers, path: request.url, text, payload: objectFrom(text), connection });
      for (const wake of waiters) wake();
      const [now = { status: 200 }, ...later] = answers;
      if (later.length > 0) answers = later;
      return reply(response, now);
    });
  };
  const http2 = createHttp2Server({ settings: { maxConcurrentStreams: 1000 } });
  const http1 = createHttp1Server();
  for (const server of [http2, http1]) server.on("request", onRequest as never);
  http2.on("sessionError", () => undefined);
  let connections = 0;
  const tls = createServer(
    { key: certificate.private, cert: certificate.cert, ALPNProtocols: ["h2", "http/1.1"] },
    (socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      socket.on("error", () => undefined);
      if (socket.alpnProtocol !== "h2") return void http1.emit("connection", socket);
      connections += 1;
      const connection = connections;
      const bytes: Buffer[] = [];
      heard.set(connection, bytes);
      const tap = new Transform({
        transform: (chunk: Buffer, _encoding, done) => {
          bytes.push(chunk);
          done(null, chunk);
        },
      });
      http2.once("session", (session) => numbers.set(session, connection));
      const duplex = Duplex.from({ readable: socket.pipe(tap), writable: socket });
      duplex.on("error", () => undefined);
      return void http2.emit("connection", duplex);
    },
  );
  await new Promise<void>((resolve) => {
    tls.listen(0, "127.0.0.1", resolve);
  });
  const { port } = tls.address() as AddressInfo;

  return {
    url: `https://127.0.0.1:${port}`,
    directory,
    caFile,
    requests,
    request: (nth) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = requests[nth - 1];
          if (found === undefined) return;
          clearTimeout(timer);
          waiters.delete(look);
          resolve(found);
        };
        const timer = setTimeout(() => {
          waiters.delete(look);
          reject(new Error(`push ${nth} did not come; there were ${requests.length}`));
        }, DEADLINE_MS);
        waiters.add(look);
        look();
      }),
    frames: (type) =>
      [...heard.values()].flatMap((bytes) => framesIn(Buffer.concat(bytes)).filter((one) => one[3] === type)),
    answer: (...given) => {
      answers = given;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        tls.close(() => resolve());
      });
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** What requests and responses of HTTP/1.1 and of HTTP/2 have in common. */
interface RequestHead {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly stream?: { readonly session?: object };
}
interface ResponseHead {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown;
  end(body: string): unknown;
}

function reply(response: ResponseHead, { status, body, headers = {} }: FakeAnswer): void {
  if (status === 0 && response instanceof Http2ServerResponse) return response.stream.close(8);
  response.writeHead(status, headers);
  response.end(body === undefined ? "" : JSON.stringify(body));
}

function framesIn(bytes: Buffer): readonly Buffer[] {
  const frames: Buffer[] = [];
  for (let at = PREFACE_BYTES; at + 9 <= bytes.length;) {
    const end = at + 9 + bytes.readUIntBE(at, 3);
    frames.push(bytes.subarray(at, end));
    at = end;
  }
  return frames;
}

function objectFrom(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
