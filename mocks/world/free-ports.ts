import { createServer } from "node:net";
import { createSocket } from "node:dgram";
import { UsageError } from "../../harness/errors.ts";
import { nextLocalPort, PORT_TRIES } from "../sip/local-ports.ts";

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

/** From the range of our own sockets, whose next turn is far away: a port of the operating system's choice could be taken again at once. */
async function freePort(bind: string, tries = PORT_TRIES): Promise<number> {
  const port = nextLocalPort();
  const trouble = await listenOnce(bind, port);
  if (trouble === undefined && (await udpPortIsFree(bind, port))) return port;
  if (tries > 1 && (trouble === undefined || trouble.code === "EADDRINUSE" || trouble.code === "EACCES")) {
    return freePort(bind, tries - 1);
  }
  const why = trouble === undefined ? "" : ` (${trouble.message})`;
  const message = `world.bind: nothing can listen on ${bind}${why}. It must be an address of this machine.`;
  throw new UsageError("CANNOT_LISTEN", message, { cause: trouble });
}

function listenOnce(bind: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error));
    server.listen(port, bind, () => server.close(() => resolve(undefined)));
  });
}

function udpPortIsFree(bind: string, port: number): Promise<boolean> {
  const socket = createSocket(bind.includes(":") ? "udp6" : "udp4");
  return new Promise((resolve) => {
    socket.once("error", () => socket.close(() => resolve(false)));
    socket.bind(port, bind, () => socket.close(() => resolve(true)));
  });
}
