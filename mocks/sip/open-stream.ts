import { isIP, type Socket } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { CONNECT_DEADLINE_MS, connectTcp } from "./connect-tcp.ts";
import type { Address } from "./sip-socket.ts";

/** Whom our end of a TLS connection believes. */
export interface TlsTrust {
  /** Certificates of the authorities, PEM; nobody else is trusted. */
  readonly caPem: string;
  /** The name the certificate must carry, also sent as SNI. @default the host of the address */
  readonly serverName?: string;
}

/** A connection as its user writes to it, and the TCP connection below it, which alone can be reset. */
export type OpenedStream =
  | { readonly stream: Socket; readonly tcp: Socket }
  /** Why there is none, in words. */
  | { readonly refused: string };

/** Connects, and when `trust` is given speaks TLS and checks the certificate (RFC 3261 section 26.3.1, RFC 5922 section 7). Never rejects. */
export async function openStream(target: Address, bind: string, trust: TlsTrust | undefined): Promise<OpenedStream> {
  const connected = await connectTcp(target, bind);
  if ("refused" in connected) return connected;
  const { tcp } = connected;
  if (trust === undefined) return { stream: tcp, tcp };
  const name = trust.serverName ?? target.host;
  return await new Promise((resolve) => {
    const secured: TLSSocket = connect({
      socket: tcp,
      ca: trust.caPem,
      host: name,
      // An address is no server name (RFC 6066 section 3); the certificate is checked against `host` all the same.
      ...(isIP(name) === 0 ? { servername: name } : {}),
    });
    const refuse = (refused: string): void => {
      clearTimeout(deadline);
      secured.destroy();
      tcp.destroy();
      resolve({ refused });
    };
    const failed = (error: Error): void => refuse(`TLS: ${error.message}`);
    const ended = (): void => refuse("TLS: closed by the peer during the handshake");
    const deadline = setTimeout(
      () => refuse(`TLS: no handshake within ${CONNECT_DEADLINE_MS} ms`),
      CONNECT_DEADLINE_MS,
    );
    secured.on("error", failed);
    secured.once("close", ended);
    secured.once("secureConnect", () => {
      clearTimeout(deadline);
      secured.off("error", failed);
      secured.off("close", ended);
      secured.on("error", () => {});
      resolve({ stream: secured, tcp });
    });
  });
}
