import { createSocket } from "node:dgram";
import { randomBytes } from "node:crypto";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { WebSocket } from "ws";
import { streamFramer } from "../stream-framer.ts";
import type { Flow } from "../transport.ts";

/** Where the account registers. */
export interface Registrar {
  readonly transport: "udp" | "tcp" | "tls" | "ws";
  readonly host: string;
  readonly port: number;
  readonly domain: string;
}

/** The flow of one phone to its registrar. */
export interface SipFlow extends Flow {
  /** `host:port` of Via and Contact; a name nobody can resolve over WebSocket (RFC 7118 section 5). */
  readonly sentBy: string;
  /** Gone without a farewell. */
  destroy(): void;
}

export interface FlowHandlers {
  readonly onOpen: (flow: SipFlow) => void;
  readonly onBytes: (bytes: Buffer, flow: SipFlow) => void;
  /** It could not be opened, or it is gone; not called after `destroy`. */
  readonly onClosed: (flow: SipFlow) => void;
}

const CONNECT_MS = 5000;
/** RFC 5626 section 4.4.1. */
const PONG = Buffer.from("\r\n");

/** Connects to the registrar. `ca`: whom to trust on TLS. The handlers are called later, never before this returns. */
export function openSipFlow(registrar: Registrar, ca: string | undefined, handlers: FlowHandlers): SipFlow {
  switch (registrar.transport) {
    case "udp":
      return udpFlow(registrar, handlers);
    case "tcp":
    case "tls":
      return streamFlow(registrar, ca, handlers);
    case "ws":
      return webSocketFlow(registrar, handlers);
  }
}

/** What the kinds of flow share: the state, and that the handlers hear of it once. */
function flowState(
  { transport, host, port }: Registrar,
  handlers: FlowHandlers,
  wire: { readonly send: (bytes: Buffer) => void; readonly destroy: () => void },
): { readonly flow: SipFlow; readonly opened: (sentBy: string) => void; readonly closed: () => void } {
  let state: "opening" | "open" | "closed" = "opening";
  let sentBy = "";
  const flow: SipFlow = {
    id: `${transport}:${randomBytes(4).toString("hex")}`,
    transport,
    host,
    port,
    get open() {
      return state === "open";
    },
    get sentBy() {
      return sentBy;
    },
    send: (bytes) => {
      if (state === "open") wire.send(bytes);
    },
    destroy: () => {
      state = "closed";
      wire.destroy();
    },
  };
  return {
    flow,
    opened: (by) => {
      if (state !== "opening") return;
      state = "open";
      sentBy = by;
      handlers.onOpen(flow);
    },
    closed: () => {
      if (state === "closed") return;
      state = "closed";
      wire.destroy();
      handlers.onClosed(flow);
    },
  };
}

function udpFlow(registrar: Registrar, handlers: FlowHandlers): SipFlow {
  const { host, port } = registrar;
  const socket = createSocket({ type: isIP(host) === 6 ? "udp6" : "udp4" });
  let isClosed = false;
  const { flow, opened, closed } = flowState(registrar, handlers, {
    // What cannot be sent is lost, as datagrams are.
    send: (bytes) => socket.send(bytes, () => undefined),
    destroy: () => {
      if (!isClosed) socket.close();
      isClosed = true;
    },
  });
  socket.on("error", () => {
    // Nobody listens there now; that may change, and a UDP socket does not care.
    if (!flow.open) closed();
  });
  socket.on("message", (bytes) => {
    if (bytes.length > 4 || !/^(\r\n)*$/.test(bytes.toString("latin1"))) handlers.onBytes(bytes, flow);
  });
  socket.connect(port, host, () => {
    if (isClosed) return;
    const local = socket.address();
    opened(hostPort(local.address, local.port));
  });
  return flow;
}

function streamFlow(registrar: Registrar, ca: string | undefined, handlers: FlowHandlers): SipFlow {
  const { transport, host, port, domain } = registrar;
  const socket: Socket =
    transport === "tcp"
      ? connectTcp({ host, port })
      : connectTls({
          host,
          port,
          ...(ca === undefined ? {} : { ca }),
          ...(isIP(host) === 0 ? { servername: host } : { servername: domain, checkServerIdentity: () => undefined }),
        });
  const { flow, opened, closed } = flowState(registrar, handlers, {
    send: (bytes) => void socket.write(bytes),
    destroy: () => socket.destroy(),
  });
  socket.setNoDelay(true);
  socket.setTimeout(CONNECT_MS, closed);
  socket.once(transport === "tcp" ? "connect" : "secureConnect", () => {
    socket.setTimeout(0);
    opened(hostPort(socket.localAddress ?? "", socket.localPort ?? 0));
  });
  socket.on(
    "data",
    streamFramer({
      onMessage: (bytes) => handlers.onBytes(bytes, flow),
      onPing: () => flow.send(PONG),
      onBroken: closed,
    }),
  );
  socket.on("error", closed);
  socket.on("end", closed);
  socket.on("close", closed);
  return flow;
}

function webSocketFlow(registrar: Registrar, handlers: FlowHandlers): SipFlow {
  const { host, port } = registrar;
  const socket = new WebSocket(`ws://${hostPort(host, port)}/`, "sip", {
    perMessageDeflate: false,
    handshakeTimeout: CONNECT_MS,
  });
  const { flow, opened, closed } = flowState(registrar, handlers, {
    send: (bytes) => socket.send(bytes.toString("utf8")),
    destroy: () => socket.terminate(),
  });
  socket.once("open", () => opened(`${randomBytes(6).toString("hex")}.invalid`));
  socket.on("message", (data: Buffer) => {
    if (data.length > 4 || data.toString("latin1").trim() !== "") handlers.onBytes(data, flow);
  });
  socket.on("error", closed);
  socket.on("close", closed);
  return flow;
}

function hostPort(host: string, port: number): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}
