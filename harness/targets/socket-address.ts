import { UsageError } from "../errors.ts";
import type { Transport } from "../trace/trace-event.ts";

export interface SocketAddress {
  readonly host: string;
  readonly port: number;
}

export interface SipAddress extends SocketAddress {
  readonly transport: Transport;
  /** TLS: `tls` and `wss`. */
  readonly secure: boolean;
}

const transports: Readonly<Record<string, Pick<SipAddress, "transport" | "secure">>> = {
  udp: { transport: "udp", secure: false },
  tcp: { transport: "tcp", secure: false },
  tls: { transport: "tls", secure: true },
  ws: { transport: "ws", secure: false },
  wss: { transport: "ws", secure: true },
};

/**
 * `host:port`; an IPv6 host stands in brackets.
 *
 * @throws UsageError naming `where` the text stood.
 */
export function parseSocketAddress(text: string, where: string): SocketAddress {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port < 1 || port > 65_535)
    throw new UsageError(
      "bad-address",
      `${where} must be host:port with a port from 1 to 65535, not ${JSON.stringify(text)}.`,
    );
  return { host: match[1] ?? match[2] ?? "", port };
}

/**
 * `udp:host:port`, or the same with `tcp`, `tls`, `ws` or `wss`; the last two are one transport.
 *
 * @throws UsageError naming `where` the text stood.
 */
export function parseSipAddress(text: string, where: string): SipAddress {
  const colon = text.indexOf(":");
  const name = text.slice(0, Math.max(colon, 0));
  const transport = Object.hasOwn(transports, name) ? transports[name] : undefined;
  if (transport === undefined)
    throw new UsageError(
      "bad-address",
      `${where} must begin with udp:, tcp:, tls:, ws: or wss:, as in udp:127.0.0.1:5060, not ${JSON.stringify(text)}.`,
    );
  return { ...transport, ...parseSocketAddress(text.slice(colon + 1), where) };
}
