import { createServer, type AddressInfo } from "node:net";
import { createSocket } from "node:dgram";
import { UsageError } from "../../harness/errors.ts";

const PORTS = 8;

/** Finds ports that are free for UDP and TCP alike, and gives them out by name. They are not kept open: the target binds them. */
export async function freePorts(bind: string): Promise<(name: string) => number> {
  const found = await Promise.all(Array.from({ length: PORTS }, () => freePort(bind)));
  const given = new Map<string, number>();
  return (name) => {
    const known = given.get(name);
    if (known !== undefined) return known;
    const port = found[given.size];
    if (port === undefined) {
      throw new UsageError(
        "TOO_MANY_PORTS",
        `world.port() gives out ${PORTS} ports; ${JSON.stringify(name)} is one more.`,
      );
    }
    given.set(name, port);
    return port;
  };
}

async function freePort(bind: string): Promise<number> {
  for (;;) {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) => {
        const message = `world.bind: nothing can listen on ${bind} (${error.message}). It must be an address of this machine.`;
        reject(new UsageError("CANNOT_LISTEN", message, { cause: error }));
      });
      server.listen(0, bind, resolve);
    });
    const { port } = server.address() as AddressInfo;
    const isFree = await udpPortIsFree(bind, port);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    if (isFree) return port;
  }
}

function udpPortIsFree(bind: string, port: number): Promise<boolean> {
  const socket = createSocket(bind.includes(":") ? "udp6" : "udp4");
  return new Promise((resolve) => {
    socket.once("error", () => socket.close(() => resolve(false)));
    socket.bind(port, bind, () => socket.close(() => resolve(true)));
  });
}
