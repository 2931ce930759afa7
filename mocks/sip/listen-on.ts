import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import { HarnessFault, messageOf } from "../../harness/errors.ts";
import type { Address } from "./sip-socket.ts";

export interface Listening {
  readonly local: Address;
  /** The TCP connection below a stream of this server. */
  readonly rawOf: (stream: Socket) => Socket;
  /** Stops listening and cuts what is still connected. */
  readonly closeAll: () => Promise<void>;
}

/**
 * Makes a server listen and keeps its connections.
 *
 * @throws HarnessFault `no-sip-port`
 */
export async function listenOn(
  server: Server,
  { bind = "127.0.0.1", port = 0 }: { readonly bind?: string; readonly port?: number },
): Promise<Listening> {
  const connections = new Map<number, Socket>();
  server.on("connection", (tcp: Socket) => {
    tcp.on("error", () => {});
    const { remotePort } = tcp;
    if (remotePort === undefined) {
      // Reset before it was accepted. Nobody will read from it, so that it would never end by itself.
      tcp.destroy();
      return;
    }
    connections.set(remotePort, tcp);
    tcp.once("close", () => {
      if (connections.get(remotePort) === tcp) connections.delete(remotePort);
    });
  });
  try {
    server.listen(port, bind);
    await once(server, "listening");
  } catch (cause) {
    throw new HarnessFault("no-sip-port", `cannot listen on ${bind}:${port}: ${messageOf(cause)}`, { cause });
  }
  const bound = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  return {
    local: { host: bound.address, port: bound.port },
    rawOf: (stream) => connections.get(stream.remotePort ?? 0) ?? stream,
    closeAll: () =>
      (closing ??= new Promise((resolve) => {
        server.close(() => resolve());
        for (const tcp of connections.values()) tcp.destroy();
      })),
  };
}
