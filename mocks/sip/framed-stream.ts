import type { Socket } from "node:net";
import { messageFramer } from "../../harness/wire/message-framer.ts";
import type { SipSocket, SocketOptions } from "./sip-socket.ts";
import { tappedSocket } from "./tapped-socket.ts";

const PONG = Buffer.from("\r\n");

/** An open connection of bytes, TCP or TLS, as both sides see it. */
export interface FramedStream {
  readonly transport: "tcp" | "tls";
  readonly stream: Socket;
  /** The connection below TLS, or the same one. */
  readonly tcp: Socket;
  /** What Via and Contact call our end. @default the local address */
  readonly sentBy?: string;
  /** Whether two line ends are answered with one (RFC 5626 section 4.4.1), as the side that was connected to does. */
  readonly answersKeepAlives: boolean;
}

/** Frames SIP messages on an open connection by Content-Length; tells of its end, whoever caused it. */
export function framedStream(given: FramedStream, options: SocketOptions): SipSocket {
  const { transport, stream, tcp } = given;
  const bind = options.bind ?? "127.0.0.1";
  const peer = { host: tcp.remoteAddress ?? options.target.host, port: tcp.remotePort ?? options.target.port };
  const local = { host: tcp.localAddress ?? bind, port: tcp.localPort ?? 0 };
  let trouble = "";
  const ended = new Promise<void>((over) => {
    stream.once("close", () => over());
  });
  const { socket, arrived, gone } = tappedSocket(transport, local, options, {
    ...(given.sentBy === undefined ? {} : { sentBy: given.sentBy }),
    write: (bytes) => void stream.write(bytes),
    end() {
      stream.end(() => stream.destroy());
      // A peer that stopped reading would hold the FIN back for ever.
      if (stream.writableLength > 0) stream.destroy();
      return ended;
    },
    reset() {
      tcp.resetAndDestroy();
      stream.destroy();
    },
  });
  const framer = messageFramer(
    (bytes) => arrived(bytes, peer),
    () => {
      if (given.answersKeepAlives && socket.state() === "open") stream.write(PONG);
    },
    (bytes, why) => options.onGarbage?.(bytes, why),
  );
  stream.on("error", (error) => (trouble = error.message));
  stream.on("data", (chunk: Buffer) => framer.push(chunk));
  stream.once("end", () => gone("closed by the peer"));
  if (stream.destroyed) queueMicrotask(() => gone("closed by the peer"));
  stream.once("close", () => gone(trouble === "" ? "closed by the peer" : trouble));
  return socket;
}
