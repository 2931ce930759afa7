import { framedStream } from "./framed-stream.ts";
import { openStream } from "./open-stream.ts";
import type { SipSocket, SocketOptions } from "./sip-socket.ts";
import { refusedSocket } from "./tapped-socket.ts";

/**
 * Opens one connection to the target; nothing listens behind it, so requests for this phone can only come over it. A target that
 * refuses it is no error of ours: the socket is then born `closed` and `onClose` has said why.
 */
export async function openTcpConnection(options: SocketOptions): Promise<SipSocket> {
  const opened = await openStream(options.target, options.bind ?? "127.0.0.1", undefined);
  if ("refused" in opened) return refusedSocket("tcp", options, opened.refused);
  return framedStream({ transport: "tcp", ...opened, answersKeepAlives: false }, options);
}
