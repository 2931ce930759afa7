import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { messageOf, UsageError } from "../../../harness/errors.ts";
import { AdminRefusal, type AdminAnswer, type AdminRequest } from "./admin-request.ts";

/** The admin API listens here whatever the mocks are bound to: whoever reaches it decides what the mocks answer. */
const LOOPBACK = "127.0.0.1";
const BODY_BYTES = 64 * 1024;
const HEADERS_MS = 5_000;
const REQUEST_MS = 10_000;

export interface AdminServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves JSON over HTTP on loopback. Pages in a browser are kept out: under another host name (DNS rebinding) by the Host
 * field, from another site by the Origin field.
 *
 * @throws UsageError when the port is taken
 */
export async function startAdminServer(
  port: number,
  handle: (request: AdminRequest) => Promise<AdminAnswer> | AdminAnswer,
): Promise<AdminServer> {
  const server = createServer(
    { headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, maxHeaderSize: 16 * 1024 },
    (incoming, response) => {
      void answerTo(incoming, handle).then((answer) => send(response, answer));
    },
  );
  server.listen(port, LOOPBACK);
  try {
    await once(server, "listening");
  } catch (error) {
    const message = `--admin-port: the admin API cannot listen on ${LOOPBACK} port ${port} (${messageOf(error)}).`;
    throw new UsageError("admin-cannot-listen", message, { cause: error });
  }
  const listening = (server.address() as AddressInfo).port;
  return {
    url: `http://${LOOPBACK}:${listening}`,
    port: listening,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answerTo(
  incoming: IncomingMessage,
  handle: (request: AdminRequest) => Promise<AdminAnswer> | AdminAnswer,
): Promise<AdminAnswer> {
  try {
    return await handle(await read(incoming));
  } catch (error) {
    if (error instanceof AdminRefusal) return error.answer;
    // The request asked for something a mock cannot do, and its message says what.
    if (error instanceof UsageError) {
      return { status: 400, body: { error: { code: error.code, message: error.message } } };
    }
    return { status: 500, body: { error: { code: "internal", message: messageOf(error) } } };
  }
}

async function read(incoming: IncomingMessage): Promise<AdminRequest> {
  checkSender(incoming);
  const { pathname, searchParams } = urlOf(incoming.url ?? "/");
  return {
    method: incoming.method ?? "GET",
    path: pathname
      .split("/")
      .filter((segment) => segment !== "")
      .map(decoded),
    query: searchParams,
    body: json(await bodyOf(incoming)),
  };
}

/** A browser sends the name it knows the host by, and the page's origin with whatever could change something. */
function checkSender({ headers }: IncomingMessage): void {
  const name = /^(.*?)(?::\d+)?$/.exec(headers.host ?? "")?.[1] ?? "";
  if (!/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(name)) {
    throw new AdminRefusal(403, "not-loopback", "Host must be localhost or a loopback address.", "Host");
  }
  if (headers.origin !== undefined) {
    throw new AdminRefusal(403, "web-page", "Pages in a browser may not use the admin API.", "Origin");
  }
}

function urlOf(text: string): URL {
  try {
    return new URL(text, "http://admin");
  } catch {
    throw new AdminRefusal(400, "bad-path", "The path cannot be read.");
  }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new AdminRefusal(400, "bad-path", `${segment} in the path is not percent-encoded as it should be.`);
  }
}

function bodyOf(incoming: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= BODY_BYTES) return;
      // Not destroyed, so that the answer can still be sent.
      incoming.pause();
      reject(new AdminRefusal(413, "too-large", `The body may have ${BODY_BYTES} bytes.`));
    });
    incoming.once("end", () => resolve(Buffer.concat(chunks).toString()));
    incoming.once("error", reject);
  });
}

function json(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new AdminRefusal(400, "not-json", `The body is not JSON: ${messageOf(error)}`);
  }
}

function send(response: ServerResponse, { status, body }: AdminAnswer): void {
  const isText = typeof body === "string";
  response.writeHead(status, {
    "content-type": isText ? "text/plain; charset=utf-8" : "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    // What was not read of a body that was too large must not be taken for the next request.
    ...(status === 413 ? { connection: "close" } : {}),
  });
  response.end(isText ? body : `${JSON.stringify(body)}\n`);
}
