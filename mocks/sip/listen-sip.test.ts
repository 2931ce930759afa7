import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import * as fc from "fast-check";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { HarnessFault } from "../../harness/errors.ts";
import { topVia } from "../../harness/wire/headers.ts";
import { parseMessage } from "../../harness/wire/parse-message.ts";
import { listenSip } from "./listen-sip.ts";
import { waiter } from "./testing/call-kit.ts";
import { type ClientStand, clientStand } from "./testing/client-stand.ts";
import { testCertificates } from "./testing/test-certificate.ts";

let certificates: Awaited<ReturnType<typeof testCertificates>>;
beforeAll(async () => {
  certificates = await testCertificates();
});

const options = (via: string, branch: string): string =>
  [
    "OPTIONS sip:example.test SIP/2.0",
    `Via: SIP/2.0/${via};branch=z9hG4bK${branch}`,
    "Max-Forwards: 70",
    "From: <sip:bob@example.test>;tag=b",
    "To: <sip:example.test>",
    `Call-ID: ${branch}`,
    "CSeq: 1 OPTIONS",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");

/** A raw client of bytes: what it is sent, as text. */
async function stream(kind: "tcp" | "tls", stand: ClientStand): Promise<Socket & { readonly got: () => string }> {
  const { host, port } = stand.listener.address;
  const socket = kind === "tls" ? connectTls({ host, port, ca: certificates.caPem }) : connect({ host, port });
  socket.on("error", () => {});
  onTestFinished(() => void socket.destroy());
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
  await once(socket, kind === "tls" ? "secureConnect" : "connect");
  return Object.assign(socket, { got: () => text });
}

async function webSocket(stand: ClientStand, protocols: string[] = ["sip"], path = "/"): Promise<WebSocket> {
  const { host, port } = stand.listener.address;
  const socket = new WebSocket(`ws://${host}:${port}${path}`, protocols);
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  return socket;
}

const stillAnswers = async (stand: ClientStand): Promise<void> => {
  const phone = stand.phones.phone("witness");
  const secure = stand.listener.secure ? { trust: { caPem: certificates.caPem } } : {};
  phone.connect(await stand.phones.open(stand.listener.transport, stand.listener.address, secure));
  expect(await phone.register({ expiresS: 60 })).toMatchObject({ status: 200 });
};

describe("a listener", () => {
  test("on UDP answers where the request came from, or to the port of its Via when that asks for no rport", async () => {
    const stand = await clientStand("udp");
    const [source, named] = [createSocket("udp4"), createSocket("udp4")];
    onTestFinished(() => [source, named].forEach((socket) => void socket.close()));
    for (const socket of [source, named]) {
      socket.bind(0, "127.0.0.1");
      await once(socket, "listening");
    }
    const { host, port } = stand.listener.address;
    const withRport = once(source, "message") as Promise<[Buffer]>;
    source.send(options("UDP host.invalid:1;rport", "one"), port, host);
    const answer = parseMessage((await withRport)[0]);
    const via = answer.kind === "not-sip" ? undefined : topVia(answer);
    expect([via?.params.get("rport"), via?.params.get("received")]).toEqual([
      String(source.address().port),
      "127.0.0.1",
    ]);
    const atVia = once(named, "message") as Promise<[Buffer]>;
    source.send(options(`UDP 127.0.0.1:${named.address().port}`, "two"), port, host);
    expect((await atVia)[0].toString()).toMatch(/^SIP\/2\.0 200 /);
    expect(stand.flows.all).toHaveLength(1);
  });

  test.each(["tcp", "tls"] as const)("on %s frames what comes in pieces and answers pings with pongs", async (kind) => {
    const stand = await clientStand(kind, kind === "tls" ? { certificate: certificates.own } : {});
    const client = await stream(kind, stand);
    client.write("\r\n\r\n");
    await expect.poll(client.got).toBe("\r\n");
    const [half, rest] = [options("TCP h", "a").slice(0, 40), options("TCP h", "a").slice(40)];
    client.write(half);
    client.write(`${rest}${options("TCP h", "b")}`);
    await expect.poll(() => client.got().match(/SIP\/2\.0 200 /g)?.length).toBe(2);
    client.destroy();
    expect(await stand.ends.find(() => true)).toContain(" peer: ");
  });

  test("on WebSocket answers pings of line ends, and takes only what offers the subprotocol and asks for its path", async () => {
    const stand = await clientStand("ws", { listen: { path: "/sip" } });
    const got = waiter<string>("message");
    const socket = await webSocket(stand, ["other", "sip"], "/sip");
    socket.on("message", (data) => got.push((data as Buffer).toString()));
    expect(socket.protocol).toBe("sip");
    socket.send("\r\n\r\n");
    expect(await got.find(() => true)).toBe("\r\n");
    socket.send(options("WS x.invalid", "ws"));
    await got.find((text) => text.startsWith("SIP/2.0 200"));
    await expect(webSocket(stand, [], "/sip")).rejects.toThrow("400");
    await expect(webSocket(stand, ["sip"], "/elsewhere")).rejects.toThrow("404");
    expect(stand.troubles.all).toHaveLength(2);
    expect(stand.flows.all).toHaveLength(1);
  });

  test.each(["udp", "tcp", "tls", "ws"] as const)("on %s outlives bytes of every kind", async (kind) => {
    const stand = await clientStand(kind, kind === "tls" ? { certificate: certificates.own } : {});
    const sip = fc
      .tuple(
        fc.constantFrom("REGISTER", "INVITE", "BYE", "UPDATE", "ACK", "CANCEL"),
        fc.string({ maxLength: 30 }),
        fc.nat(),
      )
      .map(([method, junk, number]) =>
        Buffer.from(
          options("UDP 127.0.0.1:9;rport", `x${number}`)
            .replaceAll("OPTIONS", method)
            .replace("\r\nContent-Length", `\r\nContact: ${junk.replaceAll(/[\r\n]/g, " ")}\r\nContent-Length`),
        ),
      );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 120 }).map((some) => Buffer.from(some)),
      sip,
    );
    const { host, port } = stand.listener.address;
    const udp = createSocket("udp4");
    onTestFinished(() => void udp.close());
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { maxLength: 4 }), async (messages) => {
        if (kind === "udp") for (const some of messages) udp.send(some, port, host);
        else if (kind === "ws") {
          const socket = await webSocket(stand);
          for (const some of messages) socket.send(some);
          socket.close();
        } else {
          const client = await stream(kind, stand);
          for (const some of messages) client.write(some);
          client.end();
        }
      }),
      { numRuns: 25 },
    );
    await stillAnswers(stand);
    expect(stand.faults).toEqual([]);
  });

  test("over TLS tells of handshakes that fail, and goes on", async () => {
    const stand = await clientStand("tls", { certificate: certificates.own });
    const { host, port } = stand.listener.address;
    const plain = connect({ host, port });
    plain.on("error", () => {});
    plain.end(options("TCP h", "plain"));
    expect(await stand.troubles.find(() => true)).toContain("TLS handshake");
    await stillAnswers(stand);
  });

  test.each(["udp", "tcp", "ws"] as const)("on %s cannot take a port that is taken", async (transport) => {
    const stand = await clientStand(transport);
    const { port } = stand.listener.address;
    await expect(listenSip({ transport, port, flow: "second", tap: () => {}, onFlow: () => {} })).rejects.toThrow(
      HarnessFault,
    );
  });

  test.each(["udp", "tcp", "tls", "ws"] as const)("on %s ends every flow when it closes", async (kind) => {
    const stand = await clientStand(kind, kind === "tls" ? { certificate: certificates.own } : {});
    await stillAnswers(stand);
    await stand.listener.close();
    await stand.listener.close();
    expect(stand.ends.all).toEqual([`${stand.flows.all[0]!.flow} us: closed by us`]);
  });
});
