import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv6, connect } from "node:net";
import { randomBytes } from "node:crypto";
import type { SipAddress } from "./socket-address.ts";

/**
 * Asks once with OPTIONS (RFC 3261 11) whether anything answers; the answer's status does not matter. Resolves to whether bytes
 * came back before the signal was aborted.
 */
export async function sipProbe(address: SipAddress, signal: AbortSignal): Promise<boolean> {
  return address.transport === "udp" ? await probeOverUdp(address, signal) : await probeOverTcp(address, signal);
}

async function probeOverUdp(address: SipAddress, signal: AbortSignal): Promise<boolean> {
  const socket = createSocket(isIPv6(address.host) ? "udp6" : "udp4");
  try {
    socket.connect(address.port, address.host);
    await once(socket, "connect", { signal });
    const local = socket.address();
    const answered = once(socket, "message", { signal });
    socket.send(optionsRequest("UDP", `${bracketed(local.address)}:${local.port}`, address));
    await answered;
    return true;
  } catch {
    return false;
  } finally {
    // An ICMP error may still be on its way to the closed socket.
    socket.on("error", () => {});
    socket.close();
  }
}

async function probeOverTcp(address: SipAddress, signal: AbortSignal): Promise<boolean> {
  const socket = connect({ host: address.host, port: address.port });
  try {
    await once(socket, "connect", { signal });
    const answered = once(socket, "data", { signal });
    socket.write(
      optionsRequest("TCP", `${bracketed(socket.localAddress ?? "127.0.0.1")}:${socket.localPort}`, address),
    );
    await answered;
    return true;
  } catch {
    return false;
  } finally {
    socket.on("error", () => {});
    socket.destroy();
  }
}

function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

/** RFC 3261 11.1; `rport` (RFC 3581 3) so that the answer finds its way back. */
function optionsRequest(transport: "UDP" | "TCP", sentBy: string, { host, port }: SipAddress): string {
  const unique = randomBytes(8).toString("hex");
  const target = `sip:${bracketed(host)}:${port}`;
  return [
    `OPTIONS ${target} SIP/2.0`,
    `Via: SIP/2.0/${transport} ${sentBy};branch=z9hG4bK${unique};rport`,
    "Max-Forwards: 70",
    `From: <sip:ringtrue@${sentBy}>;tag=${unique}`,
    `To: <${target}>`,
    `Call-ID: ${unique}@${sentBy}`,
    "CSeq: 1 OPTIONS",
    `Contact: <sip:ringtrue@${sentBy}${transport === "TCP" ? ";transport=tcp" : ""}>`,
    "Accept: application/sdp",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}
