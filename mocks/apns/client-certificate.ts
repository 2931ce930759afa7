import type { TLSSocket } from "node:tls";
import type { ClientCertificate } from "./apns-request.ts";

/**
 * Reads the client certificate of a connection, where there is one. It is accepted when the authority of the server signed
 * it and its subject's UID names a bundle id (Apple, "Establishing a certificate-based connection to APNs").
 */
export function clientCertificateOf(socket: TLSSocket): ClientCertificate | undefined {
  // An empty object where the client sent none, which its type does not say.
  const { subject } = socket.getPeerCertificate() as { readonly subject?: Readonly<Record<string, unknown>> };
  if (subject === undefined) return undefined;
  const userId = subject["UID"];
  const bundleId = typeof userId === "string" ? userId : undefined;
  return {
    subject: Object.entries(subject)
      .map(([name, value]) => `${name}=${String(value)}`)
      .join(", "),
    accepted: socket.authorized && bundleId !== undefined,
    topics: bundleId === undefined ? [] : [bundleId, `${bundleId}.voip`],
  };
}
