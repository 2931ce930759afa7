import { framedStream } from "./framed-stream.ts";
import { openStream, type TlsTrust } from "./open-stream.ts";
import type { SipSocket, SocketOptions } from "./sip-socket.ts";
import { refusedSocket } from "./tapped-socket.ts";

/**
 * Opens one TLS connection to the target, with the same behaviour as a TCP one. A certificate that nobody we trust vouches for, or
 * that is for another name, is a target that refuses: the socket is born `closed` and `onClose` has said why.
 */
export async function openTlsConnection(options: SocketOptions & { readonly trust: TlsTrust }): Promise<SipSocket> {
  const opened = await openStream(options.target, options.bind ?? "127.0.0.1", options.trust);
  if ("refused" in opened) return refusedSocket("tls", options, opened.refused);
  return framedStream({ transport: "tls", ...opened, answersKeepAlives: false }, options);
}
