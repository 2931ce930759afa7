import { TargetError } from "../../harness/errors.ts";
import type { Transport } from "../../harness/trace/trace-event.ts";
import type { ListenOptions, SipListener } from "./listen-sip.ts";
import { listenerFlows } from "./listener-flows.ts";
import type { Address } from "./sip-socket.ts";
import { tappedSocket, type TappedSocket } from "./tapped-socket.ts";

/** SIP without an operating system: listeners, and connections to them within this thread. */
export interface MemoryWire {
  /** As `listenSip`. */
  readonly listen: (options: ListenOptions) => Promise<SipListener>;
  /**
   * Connects to a listener. Whole messages cross it in order, each in a turn of its own.
   *
   * @throws TargetError `nobody-listens`
   */
  connect(options: MemoryConnectOptions): MemoryConnection;
}

export interface MemoryConnectOptions {
  readonly transport: Transport;
  /** Where the listener is. */
  readonly to: Address;
  readonly onMessage: (bytes: Uint8Array) => void;
  /** RingTrue ended it. */
  readonly onClose: () => void;
}

export interface MemoryConnection {
  readonly local: Address;
  /** Hands over one whole SIP message. */
  send(bytes: Uint8Array): void;
  close(): void;
}

interface Listening {
  readonly accept: (options: MemoryConnectOptions, local: Address) => TappedSocket;
}

/** Ports of listeners and connections; they are nobody's else, as no socket is opened. */
const FIRST_LISTENER_PORT = 5060;
const FIRST_CLIENT_PORT = 20_000;

export function memoryWire(): MemoryWire {
  const listeners = new Map<string, Listening>();
  let lastListener = FIRST_LISTENER_PORT - 1;
  let lastClient = FIRST_CLIENT_PORT - 1;
  const keyOf = (transport: Transport, { port }: Address): string => `${transport}:${port}`;

  return {
    async listen(options) {
      lastListener += 1;
      const local: Address = { host: options.bind ?? "127.0.0.1", port: options.port ?? lastListener };
      const { transport } = options;
      const secure = transport === "tls";
      const flows = listenerFlows(options, local);
      const key = keyOf(transport, local);
      listeners.set(key, {
        accept({ onMessage, onClose }, peer) {
          let tapped: TappedSocket | undefined;
          flows.open(peer, (flowOptions) => {
            tapped = tappedSocket(transport, local, flowOptions, {
              sentBy: flows.sentBy,
              write: (bytes) => queueMicrotask(() => onMessage(bytes)),
              end: async () => onClose(),
              reset: onClose,
            });
            return tapped.socket;
          });
          return tapped!;
        },
      });
      return {
        transport,
        secure,
        address: local,
        async close() {
          listeners.delete(key);
          await flows.close();
        },
      };
    },
    connect({ transport, to, onMessage, onClose }) {
      const listening = listeners.get(keyOf(transport, to));
      if (listening === undefined)
        throw new TargetError(
          "nobody-listens",
          `Nobody listens on ${transport}:${to.host}:${to.port} in this process.`,
        );
      lastClient += 1;
      const local: Address = { host: to.host, port: lastClient };
      let isOver = false;
      const connection = listening.accept(
        {
          transport,
          to,
          onMessage(bytes) {
            if (!isOver) onMessage(bytes);
          },
          onClose() {
            if (isOver) return;
            isOver = true;
            queueMicrotask(onClose);
          },
        },
        local,
      );
      return {
        local,
        send(bytes) {
          if (!isOver) queueMicrotask(() => connection.arrived(bytes, local));
        },
        close() {
          if (isOver) return;
          isOver = true;
          // Datagrams have no end that anybody sees.
          if (transport !== "udp") queueMicrotask(() => connection.gone("closed by the app"));
        },
      };
    },
  };
}
