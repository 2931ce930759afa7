import { isUtf8 } from "node:buffer";
import type { Socket } from "node:net";
import type { RawData, WebSocket } from "ws";
import type { SipSocket, SocketOptions } from "./sip-socket.ts";
import { tappedSocket } from "./tapped-socket.ts";
import { isKeepAlive } from "./udp-socket.ts";

/** The subprotocol both sides must agree on (RFC 7118 section 4). */
export const SUBPROTOCOL = "sip";
/** As much as a message framed on a stream may have. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;
/** How long a peer has to answer the closing handshake (RFC 6455 section 7.1.1). */
const CLOSE_PATIENCE_MS = 1_000;

/** An open WebSocket as both sides see it. */
export interface SipWebSocket {
  readonly webSocket: WebSocket;
  /** The TCP connection below everything. */
  readonly tcp: Socket;
  readonly secure: boolean;
  /** What Via and Contact call our end. */
  readonly sentBy: string;
  readonly answersKeepAlives: boolean;
}

/** Carries one SIP message per WebSocket message (RFC 7118 section 5.1); whole or not, what came is handed on as it came. */
export function websocketStream(given: SipWebSocket, options: SocketOptions): SipSocket {
  const { webSocket, tcp } = given;
  const peer = { host: tcp.remoteAddress ?? options.target.host, port: tcp.remotePort ?? options.target.port };
  const local = { host: tcp.localAddress ?? options.bind ?? "127.0.0.1", port: tcp.localPort ?? 0 };
  let trouble = "";
  const ended = new Promise<void>((over) => {
    webSocket.once("close", () => over());
  });
  const { socket, arrived, gone } = tappedSocket("ws", local, options, {
    viaTransport: given.secure ? "WSS" : "WS",
    sentBy: given.sentBy,
    // Text where it can be: browsers read text as a string and everything else as a Blob.
    write: (bytes) => webSocket.send(bytes, { binary: !isUtf8(bytes) }, () => {}),
    async end() {
      webSocket.close(1000);
      const patience = setTimeout(() => webSocket.terminate(), CLOSE_PATIENCE_MS);
      if (webSocket.bufferedAmount > 0 && tcp.writableNeedDrain) webSocket.terminate();
      await ended;
      clearTimeout(patience);
    },
    reset() {
      tcp.resetAndDestroy();
      webSocket.terminate();
    },
  });
  webSocket.on("message", (data: RawData) => {
    // `nodebuffer` is the binary type of a socket nobody changed.
    const bytes = data as Buffer;
    // RFC 7118 section 6 keeps the line ends of RFC 5626 as keep-alives.
    if (!isKeepAlive(bytes)) arrived(bytes, peer);
    else if (given.answersKeepAlives && bytes.length >= 4 && socket.state() === "open")
      webSocket.send("\r\n", () => {});
  });
  webSocket.on("error", (error: Error & { readonly code?: string }) => {
    trouble = error.message;
    if (error.code?.startsWith("WS_ERR_") === true) options.onGarbage?.(new Uint8Array(), error.message);
  });
  webSocket.once("close", () => gone(trouble === "" ? "closed by the peer" : trouble));
  return socket;
}
