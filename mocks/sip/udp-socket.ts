import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { lookup } from "node:dns";
import { isIP, isIPv6 } from "node:net";
import { HarnessFault, messageOf } from "../../harness/errors.ts";
import { isPortTaken, nextLocalPort, PORT_TRIES } from "./local-ports.ts";
import type { SipSocket, SocketOptions } from "./sip-socket.ts";
import { tappedSocket } from "./tapped-socket.ts";

const CR = 13;
const LF = 10;

/**
 * Opens a UDP port of its own. It is not connected to the target: a target may send from another port than it listens on. Throws
 * HarnessFault `no-udp-port` when the operating system gives none.
 */
export async function openUdpSocket(options: SocketOptions): Promise<SipSocket> {
  const bind = options.bind ?? "127.0.0.1";
  const udp = await bindUdp(bind);
  const bound = udp.address();
  let closing: Promise<void> | undefined;
  const shut = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      udp.close(resolve);
    });
    return closing;
  };
  const { socket, arrived } = tappedSocket("udp", { host: bound.address, port: bound.port }, options, {
    write(bytes, to) {
      try {
        udp.send(bytes, to.port, to.host, (error) => {
          if (error) options.onTrouble?.(`sending to ${to.host}:${to.port}: ${error.message}`);
        });
      } catch (error) {
        options.onTrouble?.(`sending to ${to.host}:${to.port}: ${messageOf(error)}`);
      }
    },
    end: shut,
    reset: () => void shut(),
  });
  udp.on("message", (bytes, from) => {
    if (isKeepAlive(bytes)) return;
    arrived(bytes, { host: from.address, port: from.port });
  });
  udp.on("error", (error) => options.onTrouble?.(error.message));
  return socket;
}

/** Empty datagrams and bare line ends keep NAT bindings alive (RFC 5626 section 3.5.1, RFC 3261 section 7.5). */
function isKeepAlive(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === CR || byte === LF);
}

async function bindUdp(bind: string, tries = PORT_TRIES): Promise<Socket> {
  let isBound = false;
  const udp = createSocket({
    type: isIPv6(bind) ? "udp6" : "udp4",
    // Every datagram is looked up, IP literals too; they need no thread for it. Binding relies on a later callback.
    lookup(host, family, callback) {
      if (isBound && isIP(host) !== 0) callback(null, host, isIP(host));
      else lookup(host, family, callback);
    },
  });
  try {
    udp.bind({ address: bind, port: nextLocalPort(), exclusive: true });
    await once(udp, "listening");
    isBound = true;
    return udp;
  } catch (cause) {
    udp.close();
    if (isPortTaken(cause) && tries > 1) return bindUdp(bind, tries - 1);
    throw new HarnessFault("no-udp-port", `cannot bind a UDP port on ${bind}: ${messageOf(cause)}`, { cause });
  }
}
