import { createSocket } from "node:dgram";
import { createServer, type Socket } from "node:net";
import { streamFramer } from "./stream-framer.ts";

/** Where a peer can be reached: its UDP address, or one connection (RFC 5626 calls it a flow). */
export interface Flow {
  readonly id: string;
  readonly transport: "udp" | "tcp" | "tls" | "ws" | "wss";
  readonly host: string;
  readonly port: number;
  /** False once a connection is gone. Nobody can know it of UDP. */
  readonly open: boolean;
  send(bytes: Buffer): void;
}

export interface Transport {
  readonly host: string;
  readonly port: number;
  /** The flow to a UDP address. */
  udpFlow(host: string, port: number): Flow;
  readonly close: () => Promise<void>;
}

export interface TransportHandlers {
  readonly onBytes: (bytes: Buffer, flow: Flow) => void;
  readonly onClosed: (flow: Flow) => void;
}

const BUFFER_BYTES = 4_194_304;

/**
 * Opens UDP and TCP on one port of `host` (port 0: any port that is free for both). Rejects with the socket's error when
 * the port is taken.
 */
export async function openTransport(host: string, port: number, handlers: TransportHandlers): Promise<Transport> {
  const connections = new Set<Socket>();
  let counter = 0;
  const server = createServer((socket) => {
    counter += 1;
    connections.add(socket);
    acceptConnection(socket, `tcp:${counter}`, {
      ...handlers,
      onClosed: (flow) => {
        connections.delete(socket);
        handlers.onClosed(flow);
      },
    });
  });
  const udp = await bindBoth(server, host, port);
  const bound = udp.address().port;
  const flows = new Map<string, Flow>();
  const udpFlow = (peer: string, peerPort: number): Flow => {
    const id = `udp:${peer}:${peerPort}`;
    const known = flows.get(id);
    if (known !== undefined) return known;
    const flow: Flow = {
      id,
      transport: "udp",
      host: peer,
      port: peerPort,
      open: true,
      send: (bytes) => {
        // What cannot be sent is lost, as datagrams are.
        if (!closed) udp.send(bytes, peerPort, peer, () => undefined);
      },
    };
    flows.set(id, flow);
    return flow;
  };
  let closed = false;
  udp.on("message", (bytes, peer) => {
    const flow = udpFlow(peer.address, peer.port);
    if (bytes.length <= 4 && /^(\r\n)*$/.test(bytes.toString("latin1"))) return;
    handlers.onBytes(bytes, flow);
  });
  udp.on("error", () => undefined);
  server.on("error", () => undefined);
  return {
    host,
    port: bound,
    udpFlow,
    close: async () => {
      closed = true;
      for (const socket of connections) socket.destroy();
      await Promise.all([
        new Promise<void>((done) => udp.close(() => done())),
        new Promise<void>((done) => server.close(() => done())),
      ]);
    },
  };
}

function acceptConnection(socket: Socket, id: string, handlers: TransportHandlers): void {
  let open = true;
  const flow: Flow = {
    id,
    transport: "tcp",
    host: socket.remoteAddress ?? "",
    port: socket.remotePort ?? 0,
    get open() {
      return open;
    },
    send: (bytes) => {
      if (open) socket.write(bytes);
    },
  };
  const gone = (): void => {
    if (!open) return;
    open = false;
    handlers.onClosed(flow);
  };
  socket.setNoDelay(true);
  socket.on(
    "data",
    streamFramer({
      onMessage: (bytes) => handlers.onBytes(bytes, flow),
      onPing: () => flow.send(Buffer.from("\r\n")),
      onBroken: () => socket.destroy(),
    }),
  );
  socket.on("error", () => undefined);
  socket.on("end", gone);
  socket.on("close", gone);
}

async function bindBoth(
  server: ReturnType<typeof createServer>,
  host: string,
  port: number,
): Promise<ReturnType<typeof createSocket>> {
  for (let attempt = 0; ; attempt += 1) {
    const udp = createSocket({ type: "udp4", recvBufferSize: BUFFER_BYTES, sendBufferSize: BUFFER_BYTES });
    try {
      await listenTcp(server, host, port);
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("the TCP socket has no address");
      await bindUdp(udp, host, address.port);
      return udp;
    } catch (error) {
      udp.close();
      if (server.listening) await new Promise<void>((done) => server.close(() => done()));
      if (port !== 0 || attempt >= 20) throw error;
    }
  }
}

function listenTcp(server: ReturnType<typeof createServer>, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, backlog: 1024 }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function bindUdp(udp: ReturnType<typeof createSocket>, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    udp.once("error", reject);
    udp.bind(port, host, () => {
      udp.off("error", reject);
      resolve();
    });
  });
}
