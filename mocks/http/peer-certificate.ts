import type { TLSSocket } from "node:tls";
import type { PeerCertificate } from "./http-exchange.ts";

/** The certificate that the client of a connection sent, where it sent one. */
export function peerCertificateOf(socket: TLSSocket): PeerCertificate | undefined {
  // An empty object where the client sent none, which its type does not say.
  const { raw, subject } = socket.getPeerCertificate() as Partial<ReturnType<TLSSocket["getPeerCertificate"]>>;
  if (raw === undefined) return undefined;
  return {
    der: raw,
    subject: Object.entries(subject ?? {})
      .map(([name, value]) => `${name}=${String(value)}`)
      .join(", "),
    trusted: socket.authorized,
  };
}
