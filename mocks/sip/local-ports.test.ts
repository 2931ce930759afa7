import { createSocket } from "node:dgram";
import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { nextLocalPort } from "./local-ports.ts";
import { openTcpConnection } from "./tcp-connection.ts";
import { openUdpSocket } from "./udp-socket.ts";

const options = { target: { host: "127.0.0.1", port: 9 }, flow: "test", tap: () => {} };

test("a port that was given out does not come again before all others had their turn", () => {
  const given = Array.from({ length: 22_000 }, nextLocalPort);
  expect(new Set(given).size).toBe(given.length);
  expect(Math.min(...given)).toBe(10_000);
  expect(Math.max(...given)).toBe(31_999);
});

test("a UDP port that is taken is passed over", async () => {
  const before = nextLocalPort();
  const blocker = createSocket("udp4");
  await new Promise<void>((resolve) => blocker.bind(before + 1, "127.0.0.1", resolve));
  const socket = await openUdpSocket(options);
  expect(socket.local.port).toBe(before + 2);
  await socket.close();
  await new Promise<void>((resolve) => blocker.close(() => resolve()));
});

test("a TCP port that is taken is passed over", async () => {
  const server = createServer((connection) => connection.resume());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const target = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  const before = nextLocalPort();
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(before + 1, "127.0.0.1", resolve));
  const socket = await openTcpConnection({ ...options, target });
  expect(socket.state()).toBe("open");
  expect(socket.local.port).toBe(before + 2);
  await socket.close();
  await Promise.all([blocker, server].map((one) => new Promise<void>((resolve) => one.close(() => resolve()))));
});
