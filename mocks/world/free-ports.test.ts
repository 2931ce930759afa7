import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { nextLocalPort } from "../sip/local-ports.ts";
import { freePorts } from "./free-ports.ts";

test("a name has one port, and each name another", async () => {
  const port = await freePorts("127.0.0.1");
  expect(port("sip")).toBe(port("sip"));
  expect(new Set(["sip", "sips", "http"].map(port)).size).toBe(3);
});

test("a port that is taken, for UDP or for TCP, is passed over", async () => {
  const before = nextLocalPort();
  const udp = createSocket("udp4");
  await new Promise<void>((resolve) => udp.bind(before + 1, "127.0.0.1", resolve));
  const tcp = createServer();
  await new Promise<void>((resolve) => tcp.listen(before + 2, "127.0.0.1", resolve));
  const port = await freePorts("127.0.0.1");
  const given = Array.from({ length: 8 }, (_, index) => port(String(index)));
  expect(given).not.toContain(before + 1);
  expect(given).not.toContain(before + 2);
  await new Promise<void>((resolve) => udp.close(() => resolve()));
  await new Promise<void>((resolve) => tcp.close(() => resolve()));
});

test("there are no more than eight, and no address but this machine's", async () => {
  const port = await freePorts("127.0.0.1");
  for (let index = 0; index < 8; index += 1) port(String(index));
  expect(() => port("one more")).toThrow(/8 ports; "one more" is one more/);
  await expect(freePorts("203.0.113.1")).rejects.toThrow(/world\.bind: nothing can listen on 203\.0\.113\.1/);
});
