import { connect, type Socket } from "node:net";
import { isPortTaken, nextLocalPort, PORT_TRIES } from "./local-ports.ts";
import type { Address } from "./sip-socket.ts";

/** How long a target has to accept a connection, its TLS and WebSocket handshakes included. */
export const CONNECT_DEADLINE_MS = 5_000;

/** A TCP connection, or why there is none. */
export type Connected = { readonly tcp: Socket } | { readonly refused: string };

/** Connects from a local port of its own; never rejects. */
export function connectTcp(target: Address, bind: string, tries = PORT_TRIES): Promise<Connected> {
  return new Promise((resolve) => {
    const { host, port } = target;
    const tcp = connect({ host, port, localAddress: bind, localPort: nextLocalPort(), noDelay: true });
    const settle = (outcome: Connected | Promise<Connected>): void => {
      clearTimeout(deadline);
      tcp.off("error", failed);
      tcp.on("error", () => {}); // whoever takes the connection listens too
      if (!tcp.connecting && "tcp" in outcome) resolve(outcome);
      else {
        tcp.destroy();
        resolve(outcome);
      }
    };
    const failed = (error: Error): void => {
      if (isPortTaken(error) && tries > 1) settle(connectTcp(target, bind, tries - 1));
      else settle({ refused: error.message });
    };
    const deadline = setTimeout(
      () => settle({ refused: `no connection within ${CONNECT_DEADLINE_MS} ms` }),
      CONNECT_DEADLINE_MS,
    );
    tcp.on("error", failed);
    tcp.once("connect", () => settle({ tcp }));
  });
}
