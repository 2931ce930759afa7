import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { HarnessFault } from "../../harness/errors.ts";

/** Two sockets of this process that are connected to each other: what is written to one is read from the other. */
export interface LocalPair {
  readonly near: Socket;
  readonly far: Socket;
}

/** Makes pairs of sockets until it is closed. A socket that breaks says so by closing alone. */
export interface LocalPairs {
  /** @throws HarnessFault where the system has no more sockets, or when closed before the pair was made. */
  take(): Promise<LocalPair>;
  /** Destroys every socket that is left, also of the pairs that were taken; resolves when none is. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";

/**
 * Pairs over TCP on loopback, as Node has no socket pairs of its own. Which two belong together is known by the port of the one that
 * connects; whoever else connects is a stranger and is destroyed.
 */
export async function localPairs(): Promise<LocalPairs> {
  const server = createServer({ noDelay: true });
  const sockets = new Set<Socket>();
  /** Those that connect, or have connected and wait for the other end to be accepted. */
  const waiting = new Map<Socket, (far: Socket) => void>();
  /** Those that were accepted, by the port of the other end. */
  const accepted = new Map<number, Socket>();

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on("error", ignore);
    socket.once("close", () => sockets.delete(socket));
  }

  function join(): void {
    let areKnown = true;
    for (const [near, joined] of waiting) {
      // It has no port before.
      if (near.connecting) areKnown = false;
      else {
        const port = near.localPort ?? 0;
        const far = accepted.get(port);
        if (far === undefined) continue;
        accepted.delete(port);
        waiting.delete(near);
        joined(far);
      }
    }
    if (!areKnown) return;
    for (const stranger of accepted.values()) stranger.destroy();
    accepted.clear();
  }

  server.on("connection", (socket) => {
    keep(socket);
    // Any address of loopback may come here, each with ports of its own.
    if (socket.remoteAddress === HOST && socket.remotePort !== undefined) accepted.set(socket.remotePort, socket);
    else socket.destroy();
    join();
  });
  server.listen(0, HOST);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  // One could not be accepted: it is not known which.
  server.on("error", () => {
    for (const near of waiting.keys()) near.destroy();
  });

  async function make(): Promise<LocalPair> {
    return new Promise((resolve, reject) => {
      const near = connect({ host: HOST, port, noDelay: true });
      keep(near);
      waiting.set(near, (far) => resolve({ near, far }));
      near.once("connect", join);
      near.once("close", () => {
        if (!waiting.delete(near)) return;
        reject(new HarnessFault("no-local-pair", "a local pair of sockets could not be made"));
        join();
      });
    });
  }

  /** One is made ahead, so that nobody waits for it. */
  function makeAhead(): Promise<LocalPair> {
    const pair = make();
    pair.catch(ignore);
    return pair;
  }

  let next = makeAhead();
  return {
    async take() {
      const pair = next;
      next = makeAhead();
      return await pair;
    },
    async close() {
      const gone = [...sockets].map(async (socket) => new Promise((resolve) => void socket.once("close", resolve)));
      const stopped = new Promise((resolve) => void server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await Promise.all([stopped, ...gone]);
    },
  };
}

function ignore(): void {}
