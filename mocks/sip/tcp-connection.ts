import { connect } from "node:net";
import { messageFramer } from "../../harness/wire/message-framer.ts";
import { isPortTaken, nextLocalPort, PORT_TRIES } from "./local-ports.ts";
import type { Address, SipSocket, SocketOptions } from "./sip-socket.ts";
import { tappedSocket } from "./tapped-socket.ts";

const CONNECT_DEADLINE_MS = 5_000;

/**
 * Opens one connection to the target; nothing listens behind it, so requests for this phone can only come over it. A target that
 * refuses it is no error of ours: the socket is then born `closed` and `onClose` has said why.
 */
export function openTcpConnection(options: SocketOptions): Promise<SipSocket> {
  return attempt(options, PORT_TRIES);
}

function attempt(options: SocketOptions, tries: number): Promise<SipSocket> {
  const bind = options.bind ?? "127.0.0.1";
  const { target } = options;
  return new Promise((resolve) => {
    const { host, port } = target;
    const tcp = connect({ host, port, localAddress: bind, localPort: nextLocalPort(), noDelay: true });
    const ended = new Promise<void>((over) => {
      tcp.once("close", () => over());
    });
    const open = (local: Address): ReturnType<typeof tappedSocket> =>
      tappedSocket("tcp", local, options, {
        write: (bytes) => void tcp.write(bytes),
        end() {
          tcp.end(() => tcp.destroy());
          // A peer that stopped reading would hold the FIN back for ever.
          if (tcp.writableLength > 0) tcp.destroy();
          return ended;
        },
        reset: () => void tcp.resetAndDestroy(),
      });

    const refuse = (why: string): void => {
      const { socket, gone } = open({ host: bind, port: 0 });
      tcp.destroy();
      gone(why);
      resolve(socket);
    };
    const deadline = setTimeout(() => refused(`no connection within ${CONNECT_DEADLINE_MS} ms`), CONNECT_DEADLINE_MS);
    let settled = false;
    const refused = (why: string): void => {
      if (settled) return;
      settled = true;
      clearTimeout(deadline);
      refuse(why);
    };
    let trouble = "";
    tcp.on("error", (error) => {
      trouble = error.message;
      if (!settled && isPortTaken(error) && tries > 1) {
        settled = true;
        clearTimeout(deadline);
        resolve(attempt(options, tries - 1));
        return;
      }
      refused(trouble);
    });
    tcp.once("connect", () => {
      if (settled) return;
      settled = true;
      clearTimeout(deadline);
      const { socket, arrived, gone } = open({ host: tcp.localAddress ?? bind, port: tcp.localPort ?? 0 });
      const peer = { host: tcp.remoteAddress ?? target.host, port: tcp.remotePort ?? target.port };
      const framer = messageFramer(
        (bytes) => arrived(bytes, peer),
        () => {},
        (bytes, why) => options.onGarbage?.(bytes, why),
      );
      tcp.on("data", (chunk) => framer.push(chunk));
      tcp.once("end", () => gone("closed by the peer"));
      tcp.once("close", () => gone(trouble === "" ? "closed by the peer" : trouble));
      resolve(socket);
    });
  });
}
