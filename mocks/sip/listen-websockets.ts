import { createServer, type IncomingMessage } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { CONNECT_DEADLINE_MS } from "./connect-tcp.ts";
import { listenOn } from "./listen-on.ts";
import type { ListenOptions, SipListener } from "./listen-sip.ts";
import { listenerFlows } from "./listener-flows.ts";
import { MAX_MESSAGE_BYTES, SUBPROTOCOL, websocketStream } from "./websocket-stream.ts";

/** One HTTP port, with TLS when there is a certificate; a flow is a WebSocket that asked for the subprotocol `sip` (RFC 7118 section 4). */
export async function listenWebSockets(options: ListenOptions): Promise<SipListener> {
  const { certificate, path, onTrouble } = options;
  const secure = certificate !== undefined;
  const patience = { headersTimeout: CONNECT_DEADLINE_MS, requestTimeout: CONNECT_DEADLINE_MS, noDelay: true };
  const server = secure
    ? createSecureServer({ ...patience, cert: certificate.certPem, key: certificate.keyPem })
    : createServer(patience);
  server.on("tlsClientError", (error: Error) => onTrouble?.(`a TLS handshake failed: ${error.message}`));
  server.on("request", (_, response) => {
    response.writeHead(426, { connection: "close", upgrade: "websocket" }).end("SIP over WebSocket (RFC 7118).\n");
  });
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  sockets.on("wsClientError", (error: Error, socket: Duplex) => refuse(socket, "400 Bad Request", error.message));
  const { local, rawOf, closeAll } = await listenOn(server, options);
  const flows = listenerFlows(options, local);

  function refuse(socket: Duplex, status: string, why: string): void {
    socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy());
    onTrouble?.(`a WebSocket was refused: ${why}`);
  }

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => {});
    const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
    if (!offered.includes(SUBPROTOCOL)) {
      refuse(socket, "400 Bad Request", "it did not offer the subprotocol sip");
      return;
    }
    if (path !== undefined && request.url !== path) {
      refuse(socket, "404 Not Found", `its path is ${JSON.stringify(request.url)}, not ${JSON.stringify(path)}`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const tcp = rawOf(socket as Socket);
      const peer = { host: tcp.remoteAddress ?? "", port: tcp.remotePort ?? 0 };
      const given = { webSocket, tcp, secure, sentBy: flows.sentBy, answersKeepAlives: true };
      flows.open(peer, (flowOptions) => websocketStream(given, flowOptions));
    });
  });

  return {
    transport: "ws",
    secure,
    address: local,
    async close() {
      await flows.close();
      await closeAll();
    },
  };
}
