import { UsageError } from "../errors.ts";

export interface SocketAddress {
  readonly host: string;
  readonly port: number;
}

export interface SipAddress extends SocketAddress {
  readonly transport: "udp" | "tcp";
}

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
 * `udp:host:port` or `tcp:host:port`.
 *
 * @throws UsageError naming `where` the text stood; the other transports are said not to be done by this version.
 */
export function parseSipAddress(text: string, where: string): SipAddress {
  const colon = text.indexOf(":");
  const transport = text.slice(0, Math.max(colon, 0));
  if (transport === "tls" || transport === "ws" || transport === "wss")
    throw new UsageError(
      "not-in-this-version",
      `${where}: this version of RingTrue does udp and tcp only, not ${transport}.`,
    );
  if (transport !== "udp" && transport !== "tcp")
    throw new UsageError(
      "bad-address",
      `${where} must begin with udp: or tcp:, as in udp:127.0.0.1:5060, not ${JSON.stringify(text)}.`,
    );
  return { transport, ...parseSocketAddress(text.slice(colon + 1), where) };
}
