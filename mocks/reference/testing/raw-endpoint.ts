import { createSocket } from "node:dgram";
import { connect } from "node:net";

/** A SIP message as text with its parts at hand. */
export interface RawMessage {
  readonly text: string;
  /** Method of a request, status of a response. */
  readonly what: string;
  /** The method of CSeq. */
  readonly method: string;
  get(name: string): string;
  all(name: string): readonly string[];
  readonly body: string;
}

/** A bare socket that speaks to the server under test and notes all it hears. */
export interface RawEndpoint {
  readonly transport: "udp" | "tcp";
  /** `127.0.0.1:port` */
  readonly address: string;
  readonly heard: readonly RawMessage[];
  send(text: string): void;
  /**
   * The next message not taken yet that is this request (`INVITE`) or response (`200 INVITE`); later ones in between stay.
   * Rejects when it does not come in time.
   */
  next(what: string, withinMs?: number): Promise<RawMessage>;
  /** Whether such a message stands untaken. */
  has(what: string): boolean;
  close(): void;
}

const DEADLINE_MS = 5000;

export async function openEndpoint(
  transport: "udp" | "tcp",
  server: { readonly host: string; readonly port: number },
): Promise<RawEndpoint> {
  const heard: RawMessage[] = [];
  const taken = new Set<RawMessage>();
  const waiters = new Set<() => void>();
  const hear = (text: string): void => {
    heard.push(rawMessage(text));
    for (const wake of waiters) wake();
  };
  const link = transport === "udp" ? await udpLink(server, hear) : await tcpLink(server, hear);
  const find = (what: string): RawMessage | undefined => heard.find((one) => !taken.has(one) && nameOf(one) === what);
  return {
    transport,
    address: link.address,
    heard,
    send: link.send,
    has: (what) => find(what) !== undefined,
    next: (what, withinMs = DEADLINE_MS) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = find(what);
          if (found === undefined) return;
          taken.add(found);
          clearTimeout(timer);
          waiters.delete(look);
          resolve(found);
        };
        const timer = setTimeout(() => {
          waiters.delete(look);
          reject(new Error(`${what} did not come; heard: ${heard.map(nameOf).join(", ")}`));
        }, withinMs);
        waiters.add(look);
        look();
      }),
    close: link.close,
  };
}

function nameOf(message: RawMessage): string {
  return /^\d/.test(message.what) ? `${message.what} ${message.method}` : message.what;
}

export function rawMessage(text: string): RawMessage {
  const [head = "", ...body] = text.split("\r\n\r\n");
  const [start = "", ...lines] = head.split("\r\n");
  const all = (name: string): readonly string[] =>
    lines
      .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
      .map((line) => line.slice(name.length + 1).trim());
  return {
    text,
    what: start.startsWith("SIP/2.0") ? (start.split(" ")[1] ?? "") : (start.split(" ")[0] ?? ""),
    method: (all("CSeq")[0] ?? "").split(" ")[1] ?? "",
    get: (name) => all(name)[0] ?? "",
    all,
    body: body.join("\r\n\r\n"),
  };
}

interface Link {
  readonly address: string;
  readonly send: (text: string) => void;
  readonly close: () => void;
}

async function udpLink(
  server: { readonly host: string; readonly port: number },
  hear: (text: string) => void,
): Promise<Link> {
  const socket = createSocket("udp4");
  socket.on("message", (bytes) => hear(bytes.toString("utf8")));
  await new Promise<void>((resolve) => {
    socket.bind(0, "127.0.0.1", resolve);
  });
  let open = true;
  return {
    address: `127.0.0.1:${socket.address().port}`,
    send: (text) => socket.send(text, server.port, server.host),
    close: () => {
      if (open) socket.close();
      open = false;
    },
  };
}

async function tcpLink(
  server: { readonly host: string; readonly port: number },
  hear: (text: string) => void,
): Promise<Link> {
  const socket = connect(server.port, server.host);
  let pending = "";
  socket.on("error", () => undefined);
  // Tests over TCP keep to ASCII, so that characters are bytes.
  socket.on("data", (chunk) => {
    pending += chunk.toString("utf8");
    for (;;) {
      const end = pending.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = end + 4 + Number(/content-length: *(\d+)/i.exec(pending.slice(0, end))?.[1] ?? "0");
      if (pending.length < length) return;
      hear(pending.slice(0, length));
      pending = pending.slice(length);
    }
  });
  await new Promise<void>((resolve) => {
    socket.on("connect", resolve);
  });
  return {
    address: `127.0.0.1:${socket.localPort ?? 0}`,
    send: (text) => socket.write(text),
    close: () => socket.destroy(),
  };
}
