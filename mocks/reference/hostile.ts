import { randomBytes } from "node:crypto";
import { connect } from "node:http2";
import { createServer, type Socket } from "node:net";
import { createSocket } from "node:dgram";
import type { RunningServer } from "./server-options.ts";

export const hostileWays = ["garbage", "truncated", "oversized", "reset"] as const;
export type HostileWay = (typeof hostileWays)[number];

const OVERSIZED_BYTES = 200_000;
const LARGEST_DATAGRAM_BYTES = 65_000;
const PUSH_EVERY_MS = 1000;

/**
 * A target that answers every datagram and every piece of a stream with what no peer should send, and opens HTTP/2 requests
 * to the push service (where `apnsUrl` names one) only to reset them. It shows that the harness outlives it.
 */
export async function startHostile(
  way: HostileWay,
  listen: { readonly host: string; readonly port: number },
  apnsUrl: string | undefined,
): Promise<RunningServer> {
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket));
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      if (way === "reset") socket.resetAndDestroy();
      else socket.write(answerTo(way, chunk));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(listen.port, listen.host, resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : listen.port;
  const udp = createSocket("udp4");
  udp.on("error", () => undefined);
  await new Promise<void>((resolve, reject) => {
    udp.once("error", reject);
    udp.bind(port, listen.host, resolve);
  });
  udp.on("message", (datagram, peer) => {
    const answer = answerTo(way, datagram).subarray(0, LARGEST_DATAGRAM_BYTES);
    if (way !== "reset") udp.send(answer, peer.port, peer.address, () => undefined);
  });
  const stopPushing = apnsUrl === undefined ? () => undefined : resetPushes(apnsUrl);
  return {
    host: listen.host,
    port,
    close: async () => {
      stopPushing();
      for (const socket of connections) socket.destroy();
      await Promise.all([
        new Promise<void>((done) => udp.close(() => done())),
        new Promise<void>((done) => server.close(() => done())),
      ]);
    },
  };
}

function answerTo(way: HostileWay, received: Buffer): Buffer {
  if (way === "oversized") {
    const head = `SIP/2.0 200 OK\r\nX-Padding: ${"x".repeat(OVERSIZED_BYTES)}\r\n`;
    return Buffer.concat([Buffer.from(head), received]);
  }
  if (way === "truncated") {
    const answer = Buffer.from(
      `SIP/2.0 200 OK\r\n${received.toString("latin1").split("\r\n").slice(1).join("\r\n")}`,
      "latin1",
    );
    return answer.subarray(0, Math.floor(answer.length / 2));
  }
  return randomBytes(512);
}

function resetPushes(url: string): () => void {
  // The certificate is no concern of a program that only breaks connections on loopback.
  const session = connect(url, { rejectUnauthorized: false });
  session.on("error", () => undefined);
  const timer = setInterval(() => {
    if (session.closed || session.destroyed) return;
    const stream = session.request({ ":method": "POST", ":path": `/3/device/${randomBytes(8).toString("hex")}` });
    stream.on("error", () => undefined);
    stream.close(8);
  }, PUSH_EVERY_MS);
  return () => {
    clearInterval(timer);
    session.destroy();
  };
}
