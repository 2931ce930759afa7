import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { generate } from "selfsigned";
import { expect, onTestFinished, test } from "vitest";
import { sipProbe } from "./sip-probe.ts";

async function portOf(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const soon = (): AbortSignal => AbortSignal.timeout(1_000);

test("a target that answers OPTIONS over TLS is up, whoever vouches for it", async () => {
  const { cert, private: key } = await generate([{ name: "commonName", value: "sip.test" }], { keyType: "ec" });
  const asked: string[] = [];
  const server = createTlsServer({ cert, key }, (socket) => {
    socket.on("error", () => {});
    socket.once("data", (bytes: Buffer) => {
      asked.push(bytes.toString());
      socket.end("SIP/2.0 404 Not Found\r\n\r\n");
    });
  });
  const port = await portOf(server);
  expect(await sipProbe({ transport: "tls", secure: true, host: "127.0.0.1", port }, soon())).toBe(true);
  expect(asked[0]).toContain("Via: SIP/2.0/TLS ");
  expect(asked[0]).toContain(";transport=tls>");
});

test("a target that says anything to a WebSocket is up, and one that says nothing is not", async () => {
  const offered: (string | undefined)[] = [];
  const server = createHttpServer();
  server.on("upgrade", (request, socket) => {
    offered.push(request.headers["sec-websocket-protocol"]);
    socket.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
  });
  const port = await portOf(server);
  const address = { transport: "ws", secure: false, host: "127.0.0.1", port } as const;
  expect(await sipProbe(address, soon())).toBe(true);
  expect(offered).toEqual(["sip"]);
  expect(await sipProbe({ ...address, secure: true }, soon())).toBe(false);
});
