import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { createHash } from "node:crypto";
import { contacts, header, headerValues, to, topVia, toTag, vias } from "../../../harness/wire/headers.ts";
import { messageFramer } from "../../../harness/wire/message-framer.ts";
import { parseMessage } from "../../../harness/wire/parse-message.ts";
import { parseSipUri } from "../../../harness/wire/sip-uri.ts";
import type { SipMessage, SipRequest } from "../../../harness/wire/sip-message.ts";
import type { Address } from "../sip-socket.ts";

/** A registrar and stateless, record-routing proxy on UDP and TCP: the middle that agents need to meet. */
export interface LoopbackProxy {
  readonly udp: Address;
  readonly tcp: Address;
  /** Open TCP connections. */
  connections(): number;
  close(): Promise<void>;
}

const SKIPPED = new Set(["via", "max-forwards", "route", "content-length"]);

export async function loopbackProxy(options: { readonly challenge?: string } = {}): Promise<LoopbackProxy> {
  const udp = createSocket({ type: "udp4", recvBufferSize: 4 << 20 });
  udp.bind(0, "127.0.0.1");
  await once(udp, "listening");
  const streams = new Map<string, Socket>();
  const contactOf = new Map<string, string>();
  const server = createServer((socket) => {
    const peer = { host: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 };
    const key = `${peer.host}:${peer.port}`;
    streams.set(key, socket);
    const framer = messageFramer(
      (bytes) => receive(bytes, peer, "TCP"),
      () => {},
      () => socket.destroy(),
    );
    socket.on("data", (chunk) => framer.push(chunk));
    socket.on("error", () => {});
    socket.on("close", () => streams.delete(key));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const tcpAddress = server.address();
  const tcpPort = tcpAddress !== null && typeof tcpAddress === "object" ? tcpAddress.port : 0;
  const ports = { UDP: udp.address().port, TCP: tcpPort };

  function write(text: string, peer: Address, transport: "UDP" | "TCP"): void {
    if (transport === "UDP") udp.send(text, peer.port, peer.host);
    else streams.get(`${peer.host}:${peer.port}`)?.write(text);
  }

  function receive(bytes: Uint8Array, peer: Address, transport: "UDP" | "TCP"): void {
    const message = parseMessage(bytes);
    if (message.kind === "not-sip") return;
    if (message.kind === "response") {
      const next = vias(message)[1];
      if (next === undefined) return;
      const lines = vias(message)
        .slice(1)
        .map((via) => `Via: ${via.raw}`);
      write(
        rebuilt(message, `SIP/2.0 ${message.status} ${message.reason}`, lines),
        viaAddress(next.host, next.port),
        transport,
      );
    } else if (message.method === "REGISTER") write(registered(message, transport), peer, transport);
    else forward(message, peer, transport);
  }

  function registered(request: SipRequest, transport: string): string {
    const own = vias(request).map((via) => `Via: ${via.raw}`);
    const copy = ["from", "to", "call-id", "cseq"].map(
      (name) => `${name}: ${header(request, name)}${name === "to" ? ";tag=registrar" : ""}`,
    );
    if (options.challenge !== undefined && header(request, "authorization") === undefined)
      return [
        `SIP/2.0 401 Unauthorized`,
        ...own,
        ...copy,
        `WWW-Authenticate: ${options.challenge}`,
        "Content-Length: 0",
        "",
        "",
      ].join("\r\n");
    const [contact] = contacts(request);
    const user = to(request)?.uri.user;
    if (contact !== undefined && contact !== "*" && user !== undefined)
      contactOf.set(`${transport} ${user}`, contact.uri.raw);
    return [`SIP/2.0 200 OK`, ...own, ...copy, "Content-Length: 0", "", ""].join("\r\n");
  }

  function forward(request: SipRequest, peer: Address, transport: "UDP" | "TCP"): void {
    const user = parseSipUri(request.uri)?.user ?? "";
    const uri = toTag(request) === undefined ? (contactOf.get(`${transport} ${user}`) ?? request.uri) : request.uri;
    const hop = parseSipUri(uri);
    if (hop === undefined) return;
    const branch = createHash("sha1")
      .update(topVia(request)?.branch ?? "")
      .digest("hex");
    const parameter = transport === "TCP" ? ";transport=tcp" : "";
    const routes = headerValues(request, "route")
      .slice(1)
      .map((route) => `Route: ${route}`);
    const lines = [
      `Via: SIP/2.0/${transport} 127.0.0.1:${ports[transport]};branch=z9hG4bK${branch}`,
      ...vias(request).map((via) => `Via: ${via.raw}`),
      `Max-Forwards: ${Number(header(request, "max-forwards")) - 1}`,
      ...routes,
    ];
    if (request.method === "INVITE" && toTag(request) === undefined)
      lines.push(`Record-Route: <sip:127.0.0.1:${ports[transport]};lr${parameter}>`);
    write(rebuilt(request, `${request.method} ${uri} SIP/2.0`, lines), viaAddress(hop.host, hop.port), transport);
  }

  udp.on("message", (bytes, from) => receive(bytes, { host: from.address, port: from.port }, "UDP"));
  udp.on("error", () => {});
  return {
    udp: { host: "127.0.0.1", port: ports.UDP },
    tcp: { host: "127.0.0.1", port: ports.TCP },
    connections: () => streams.size,
    async close() {
      for (const socket of streams.values()) socket.destroy();
      await Promise.all([
        new Promise<void>((resolve) => void udp.close(() => resolve())),
        new Promise<void>((resolve) => void server.close(() => resolve())),
      ]);
    },
  };
}

function viaAddress(host: string, port: number | undefined): Address {
  return { host, port: port ?? 5060 };
}

function rebuilt(message: SipMessage, start: string, lines: readonly string[]): string {
  const kept = message.headers
    .filter((field) => !SKIPPED.has(field.name))
    .map((field) => `${field.spelled}: ${field.value}`);
  const body = Buffer.from(message.body).toString();
  return [start, ...lines, ...kept, `Content-Length: ${message.body.length}`, "", body].join("\r\n");
}
