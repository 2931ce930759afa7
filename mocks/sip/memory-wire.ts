import { TargetError } from "../../harness/errors.ts";
import type { Transport } from "../../harness/trace/trace-event.ts";
import type { ListenOptions, SipListener } from "./listen-sip.ts";
import { listenerFlows } from "./listener-flows.ts";
import type { Address, SipSocket } from "./sip-socket.ts";
import { tappedSocket, type TappedSocket } from "./tapped-socket.ts";
import { isKeepAlive } from "./udp-socket.ts";

/** SIP without an operating system: listeners, and connections to them within this thread. */
export interface MemoryWire {
  /** As `listenSip`. */
  readonly listen: (options: ListenOptions) => Promise<SipListener>;
  /**
   * Connects to the listener of that transport. Whole messages cross it in order, each in a turn of its own.
   *
   * @throws TargetError `nobody-listens`
   */
  connect(options: MemoryConnectOptions): MemoryConnection;
}

export interface MemoryConnectOptions {
  readonly transport: Transport;
  readonly onMessage: (bytes: Uint8Array) => void;
  /** RingTrue ended it; never called for UDP, of whose end nobody hears. */
  readonly onClose: () => void;
}

export interface MemoryConnection {
  readonly local: Address;
  /** Hands over one whole SIP message, or a keep-alive. */
  send(bytes: Uint8Array): void;
  close(): void;
}

/** The app's end of a connection, as the listener has it. */
interface Peer extends MemoryConnectOptions {
  readonly local: Address;
}

interface Listening {
  /** The flow of that peer; for UDP a new one where the last is gone. */
  flowOf(peer: Peer): TappedSocket;
}

/** Ports are nobody's else, as no socket is opened; an app's come round again after many. */
const FIRST_LISTENER_PORT = 5060;
const FIRST_APP_PORT = 20_000;
const LAST_APP_PORT = 65_000;
/** RFC 5626 section 4.4.1: a double line end asks for a single one. */
const PING_BYTES = 4;
const PONG = Buffer.from("\r\n");

/** @param later brings each message on its way, one after the other. */
export function memoryWire(later: (arrive: () => void) => void = (arrive) => void setImmediate(arrive)): MemoryWire {
  const listeners = new Map<Transport, Listening>();
  /** Where datagrams find their way: an app's open ports. */
  const datagramPeers = new Map<number, Peer>();
  let lastListener = FIRST_LISTENER_PORT - 1;
  let nextApp = FIRST_APP_PORT;

  function newAppPort(): number {
    const port = nextApp;
    nextApp = nextApp === LAST_APP_PORT ? FIRST_APP_PORT : nextApp + 1;
    return port;
  }

  return {
    async listen(options) {
      const { transport } = options;
      lastListener += 1;
      const local: Address = { host: options.bind ?? "127.0.0.1", port: options.port ?? lastListener };
      const flows = listenerFlows(options, local);
      const open = new Map<number, TappedSocket>();
      listeners.set(transport, {
        flowOf(peer) {
          const { port } = peer.local;
          const known = open.get(port);
          if (known !== undefined) return known;
          flows.open(peer.local, (flowOptions): SipSocket => {
            const end = (): void => {
              open.delete(port);
              if (transport !== "udp") peer.onClose();
            };
            const tapped = tappedSocket(transport, local, flowOptions, {
              sentBy: flows.sentBy,
              write(bytes, to) {
                const reached = transport === "udp" ? datagramPeers.get(to.port) : peer;
                if (reached !== undefined) later(() => reached.onMessage(bytes));
              },
              end: async () => end(),
              reset: end,
            });
            open.set(port, tapped);
            return tapped.socket;
          });
          return open.get(port)!;
        },
      });
      return {
        transport,
        secure: transport === "tls",
        address: local,
        async close() {
          listeners.delete(transport);
          await flows.close();
        },
      };
    },
    connect({ transport, onMessage, onClose }) {
      const listening = listeners.get(transport);
      if (listening === undefined)
        throw new TargetError("nobody-listens", `RingTrue does not listen on ${transport} in this run.`);
      let isOver = false;
      const peer: Peer = {
        transport,
        local: { host: "127.0.0.1", port: newAppPort() },
        onMessage(bytes) {
          if (!isOver) onMessage(bytes);
        },
        onClose() {
          if (isOver) return;
          isOver = true;
          later(onClose);
        },
      };
      const isDatagram = transport === "udp";
      if (isDatagram) datagramPeers.set(peer.local.port, peer);
      const stream = isDatagram ? undefined : listening.flowOf(peer);

      return {
        local: peer.local,
        send(bytes) {
          if (isOver) return;
          if (isKeepAlive(bytes)) {
            if (!isDatagram && bytes.length >= PING_BYTES) later(() => peer.onMessage(PONG));
            return;
          }
          later(() => (stream ?? listening.flowOf(peer)).arrived(bytes, peer.local));
        },
        close() {
          if (isOver) return;
          isOver = true;
          if (stream === undefined) datagramPeers.delete(peer.local.port);
          else later(() => stream.gone("closed by the app"));
        },
      };
    },
  };
}
