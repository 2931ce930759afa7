import type { SipSocket } from "./sip-socket.ts";

/** Our Via value (RFC 3261 section 18.1.1); `rport` where the answer could otherwise miss us (RFC 3581 section 3). */
export function viaOf(socket: SipSocket, branch: string): string {
  const rport = socket.transport === "udp" ? ";rport" : "";
  return `SIP/2.0/${socket.viaTransport} ${socket.sentBy};branch=${branch}${rport}`;
}

/**
 * A Contact URI that leads back over this socket. TLS is named by `transport=tls`, deprecated by RFC 3261 section 26.2.2 and still what
 * phones write: `sips` would promise TLS on every hop.
 */
export function contactUri(socket: SipSocket, user: string): string {
  const transport = socket.transport === "udp" ? "" : `;transport=${socket.transport}`;
  return `sip:${user}@${socket.sentBy}${transport}`;
}
