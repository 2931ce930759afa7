import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { lookup } from "node:dns";
import { isIP, isIPv6 } from "node:net";
import { HarnessFault, messageOf } from "../../harness/errors.ts";
import { isPortTaken, nextLocalPort, PORT_TRIES } from "./local-ports.ts";
import type { Address, SipSocket, SocketOptions } from "./sip-socket.ts";
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
    write: datagramWriter(udp, options.onTrouble),
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

/** Writes datagrams; what the operating system says against one is told, never thrown. */
export function datagramWriter(
  udp: Socket,
  onTrouble: ((why: string) => void) | undefined,
): (bytes: Uint8Array, to: Address) => void {
  return (bytes, to) => {
    try {
      udp.send(bytes, to.port, to.host, (error) => {
        if (error) onTrouble?.(`sending to ${to.host}:${to.port}: ${error.message}`);
      });
    } catch (error) {
      onTrouble?.(`sending to ${to.host}:${to.port}: ${messageOf(error)}`);
    }
  };
}

/** Empty datagrams and bare line ends keep NAT bindings alive (RFC 5626 section 3.5.1, RFC 3261 section 7.5). */
export function isKeepAlive(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === CR || byte === LF);
}

/**
 * A bound UDP port: the given one, or one that was never given to anybody.
 *
 * @throws HarnessFault `no-udp-port`
 */
export async function bindUdp(bind: string, port?: number, tries = PORT_TRIES): Promise<Socket> {
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
    udp.bind({ address: bind, port: port ?? nextLocalPort(), exclusive: true });
    await once(udp, "listening");
    isBound = true;
    return udp;
  } catch (cause) {
    udp.close();
    if (port === undefined && isPortTaken(cause) && tries > 1) return bindUdp(bind, undefined, tries - 1);
    const wanted = port === undefined ? "a UDP port" : `UDP port ${port}`;
    throw new HarnessFault("no-udp-port", `cannot bind ${wanted} on ${bind}: ${messageOf(cause)}`, { cause });
  }
}
