import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import { messageOf } from "../../harness/errors.ts";
import { serveHttp1 } from "./http1-connection.ts";
import type { Http1Connection } from "./http1-connection.ts";
import type { ListenerContext, SecureConnection } from "./listener-context.ts";

/** Of the request line and the header fields together. */
const MAX_HEADER_BYTES = 16_384;

/** Serves HTTP/1.1 over TLS connections that are handed in; each call returns what destroys that connection at once. */
export function http1Server(context: ListenerContext): (secure: SecureConnection) => () => void {
  const connections = new Map<Duplex, Http1Connection>();
  // Node's limits of time use the system's clock, so they are off: each connection keeps its own.
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: 0,
    requestTimeout: 0,
    keepAliveTimeout: 0,
  });
  // Node would drop fields above a number; the bytes are limited.
  server.maxHeadersCount = 0;
  server.on("request", (message, response) => connections.get(message.socket)?.serve(message, response));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code === "ECONNRESET") socket.destroy();
    else connections.get(socket)?.fail(messageOf(error), statusFor(error.code));
  });

  return (secure) => {
    const { socket } = secure;
    server.emit("connection", socket);
    const served = serveHttp1(secure, context);
    connections.set(socket, served);
    socket.once("close", () => connections.delete(socket));
    context.tell({ kind: "opened", connection: served.connection });
    return () => served.connection.destroy("the listener closed");
  };
}

function statusFor(code: string | undefined): string {
  return code === "HPE_HEADER_OVERFLOW" ? "431 Request Header Fields Too Large" : "400 Bad Request";
}
