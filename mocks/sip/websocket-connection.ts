import { WebSocket } from "ws";
import { CONNECT_DEADLINE_MS } from "./connect-tcp.ts";
import { newToken } from "./identifiers.ts";
import { openStream, type TlsTrust } from "./open-stream.ts";
import type { SipSocket, SocketOptions } from "./sip-socket.ts";
import { hostPort, refusedSocket } from "./tapped-socket.ts";
import { MAX_MESSAGE_BYTES, SUBPROTOCOL, websocketStream } from "./websocket-stream.ts";

export interface WebSocketOptions extends SocketOptions {
  /** Path of the request, with its slash. @default "/" */
  readonly path?: string;
  /** Given: `wss`. */
  readonly trust?: TlsTrust;
}

/**
 * Opens one WebSocket to the target with the subprotocol `sip` (RFC 7118). Our end can be reached by nothing but this connection, so
 * Via and Contact name a random host under `.invalid` (section 5). A target that refuses it, or does not agree on the subprotocol, is no
 * error of ours: the socket is then born `closed` and `onClose` has said why.
 */
export async function openWebSocketConnection(options: WebSocketOptions): Promise<SipSocket> {
  const { target, trust, path = "/" } = options;
  const opened = await openStream(target, options.bind ?? "127.0.0.1", trust);
  if ("refused" in opened) return refusedSocket("ws", options, opened.refused);
  const { stream, tcp } = opened;
  const secure = trust !== undefined;
  const host = hostPort({ host: trust?.serverName ?? target.host, port: target.port });
  return await new Promise((resolve) => {
    const webSocket = new WebSocket(`${secure ? "wss" : "ws"}://${host}${path}`, SUBPROTOCOL, {
      createConnection: () => stream,
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      handshakeTimeout: CONNECT_DEADLINE_MS,
    });
    const refuse = (error: Error): void => {
      stream.destroy();
      tcp.destroy();
      resolve(refusedSocket("ws", options, `WebSocket: ${error.message}`));
    };
    webSocket.once("error", refuse);
    webSocket.once("open", () => {
      webSocket.off("error", refuse);
      const given = { webSocket, tcp, secure, sentBy: `${newToken()}.invalid`, answersKeepAlives: false };
      resolve(websocketStream(given, options));
    });
  });
}
