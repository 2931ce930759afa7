import type { SipSocket } from "./sip-socket.ts";

/** Our Via value (RFC 3261 section 18.1.1); `rport` where the answer could otherwise miss us (RFC 3581 section 3). */
export function viaOf(socket: SipSocket, branch: string): string {
  const rport = socket.transport === "udp" ? ";rport" : "";
  return `SIP/2.0/${socket.transport.toUpperCase()} ${hostPort(socket)};branch=${branch}${rport}`;
}

/** `host:port` of the socket's own end; IPv6 in brackets. */
export function hostPort({ local: { host, port } }: SipSocket): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** A Contact URI that leads back over this socket. */
export function contactUri(socket: SipSocket, user: string): string {
  const transport = socket.transport === "udp" ? "" : `;transport=${socket.transport}`;
  return `sip:${user}@${hostPort(socket)}${transport}`;
}
