import { createConnection } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { hostileWays, startHostile } from "./hostile.ts";
import { startLazy } from "./lazy.ts";
import type { RunningServer } from "./server-options.ts";
import { placeCall, register } from "./testing/phone-and-caller.ts";
import { openEndpoint, type RawEndpoint } from "./testing/raw-endpoint.ts";

const ANY_PORT = { host: "127.0.0.1", port: 0 };
const opened: (RawEndpoint | RunningServer)[] = [];

async function endpoint(transport: "udp" | "tcp", server: RunningServer): Promise<RawEndpoint> {
  const socket = await openEndpoint(transport, server);
  opened.push(server, socket);
  return socket;
}

afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

describe.each(["udp", "tcp"] as const)("over %s", (transport) => {
  test("always-200 agrees to everything with a tag and the Contact it was given", async () => {
    const socket = await endpoint(transport, await startLazy("always-200", ANY_PORT));
    expect((await register(socket, "bob")).get("Contact")).toContain("sip:bob@");
    placeCall(socket, "bob");
    expect((await socket.next("200 INVITE")).get("To")).toContain(";tag=");
  });

  test("always-reject refuses everything", async () => {
    const socket = await endpoint(transport, await startLazy("always-reject", ANY_PORT));
    expect((await register(socket, "bob", { answer: 403 })).what).toBe("403");
    placeCall(socket, "bob");
    expect((await socket.next("486 INVITE")).get("To")).toContain(";tag=");
  });

  test("silent says nothing", async () => {
    const socket = await endpoint(transport, await startLazy("silent", ANY_PORT));
    placeCall(socket, "bob");
    await expect(socket.next("100 INVITE", 200)).rejects.toThrow("heard: ");
    expect(socket.heard).toEqual([]);
  });
});

describe("a hostile target", () => {
  test.each(hostileWays)("answers a stream with %s", async (way) => {
    const server = await startHostile(way, ANY_PORT, undefined);
    opened.push(server);
    const got = await new Promise<string>((resolve) => {
      const socket = createConnection(server.port, server.host);
      let bytes = 0;
      socket.on("connect", () => socket.write(`OPTIONS sip:a SIP/2.0\r\nX-Long: ${"y".repeat(200)}\r\n\r\n`));
      socket.on("data", (chunk) => {
        bytes += chunk.length;
        if (bytes >= (way === "oversized" ? 200_000 : 50)) {
          resolve("bytes");
          socket.destroy();
        }
      });
      socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
    });
    expect(got).toBe(way === "reset" ? "ECONNRESET" : "bytes");
  });
});
