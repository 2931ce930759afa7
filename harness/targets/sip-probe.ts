import { createSocket } from "node:dgram";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIPv6, connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { randomBytes } from "node:crypto";
import type { SipAddress } from "./socket-address.ts";

/**
 * Asks once with OPTIONS (RFC 3261 11) whether anything answers; the answer's status does not matter. Of a WebSocket it asks for the
 * upgrade only, and any answer to that counts. Whose certificate it is does not matter either: the cases will tell. Resolves to
 * whether bytes came back before the signal was aborted.
 */
export async function sipProbe(address: SipAddress, signal: AbortSignal): Promise<boolean> {
  if (address.transport === "udp") return await probeOverUdp(address, signal);
  if (address.transport === "ws") return await probeWebSocket(address, signal);
  return await probeOverStream(address, signal);
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

async function probeOverStream(address: SipAddress, signal: AbortSignal): Promise<boolean> {
  const { host, port, secure } = address;
  const socket = secure ? connectTls({ host, port, rejectUnauthorized: false }) : connect({ host, port });
  try {
    await once(socket, secure ? "secureConnect" : "connect", { signal });
    const answered = once(socket, "data", { signal });
    socket.write(
      optionsRequest(
        secure ? "TLS" : "TCP",
        `${bracketed(socket.localAddress ?? "127.0.0.1")}:${socket.localPort}`,
        address,
      ),
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

/** RFC 7118 section 4.1. A server that refuses this path or key is up all the same. */
async function probeWebSocket({ host, port, secure }: SipAddress, signal: AbortSignal): Promise<boolean> {
  const headers = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": randomBytes(16).toString("base64"),
    "sec-websocket-protocol": "sip",
  };
  return await new Promise((resolve) => {
    const settings = { host, port, headers, signal, agent: false, rejectUnauthorized: false };
    const request = secure ? httpsRequest(settings) : httpRequest(settings);
    const settle = (isUp: boolean): void => {
      resolve(isUp);
      request.destroy();
    };
    request.on("error", () => settle(false));
    request.once("upgrade", (_, socket) => {
      socket.destroy();
      settle(true);
    });
    request.once("response", () => settle(true));
    request.end();
  });
}

function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

/** RFC 3261 11.1; `rport` (RFC 3581 3) so that the answer finds its way back. */
function optionsRequest(transport: "UDP" | "TCP" | "TLS", sentBy: string, { host, port }: SipAddress): string {
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
    `Contact: <sip:ringtrue@${sentBy}${transport === "UDP" ? "" : `;transport=${transport.toLowerCase()}`}>`,
    "Accept: application/sdp",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}
