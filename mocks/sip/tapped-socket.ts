import type { Transport } from "../../harness/trace/trace-event.ts";
import type { Address, SipSocket, SocketOptions, SocketReceiver } from "./sip-socket.ts";

/** What an opener knows of its kind of socket: the three things that differ between transports. */
export interface RawSocket {
  readonly write: (bytes: Uint8Array, to: Address) => void;
  /** Orderly end; resolves when the operating system has let go. */
  readonly end: () => Promise<void>;
  readonly reset: () => void;
  /** @default that of the transport */
  readonly viaTransport?: SipSocket["viaTransport"];
  /** @default the local address */
  readonly sentBy?: string;
}

/** The other side of a `SipSocket`: where its opener reports what the operating system said. */
export interface TappedSocket {
  readonly socket: SipSocket;
  readonly arrived: (bytes: Uint8Array, source: Address) => void;
  /** Idempotent: the first reason counts. */
  readonly gone: (why: string) => void;
}

const viaTransports = { udp: "UDP", tcp: "TCP", tls: "TLS", ws: "WS" } as const;

/** `host:port`; IPv6 in brackets. */
export function hostPort({ host, port }: Address): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** A socket that never was, because the target refused it: `onClose` has been told why. */
export function refusedSocket(transport: Transport, options: SocketOptions, why: string): SipSocket {
  const local = { host: options.bind ?? "127.0.0.1", port: 0 };
  const { socket, gone } = tappedSocket(transport, local, options, {
    write: () => {},
    end: () => Promise.resolve(),
    reset: () => {},
  });
  gone(why);
  return socket;
}

/** Tap, filter and life of a socket, the same for every transport. */
export function tappedSocket(
  transport: Transport,
  local: Address,
  options: SocketOptions,
  raw: RawSocket,
): TappedSocket {
  let state: ReturnType<SipSocket["state"]> = "open";
  let receiver: SocketReceiver | undefined;
  const fateOf = options.filter ?? (() => "deliver" as const);

  function tap(
    direction: "in" | "out",
    bytes: Uint8Array,
    peer: Address,
    fate: "delivered" | "lost" | "duplicate",
    retransmission: boolean,
  ): void {
    options.tap({ direction, bytes, flow: options.flow, transport, peer, fate, retransmission });
  }

  function gone(why: string, by: "us" | "peer" = "peer"): void {
    if (state === "closed") return;
    state = "closed";
    const last = receiver;
    receiver = undefined;
    last?.closed(why);
    options.onClose?.(why, by);
  }

  function process(bytes: Uint8Array, source: Address): void {
    if (state === "open") receiver?.message(bytes, source);
  }

  function arrived(bytes: Uint8Array, source: Address): void {
    if (state === "closed") return;
    const fate = fateOf("in", bytes);
    tap("in", bytes, source, fate === "lose" ? "lost" : "delivered", false);
    if (fate === "lose") return;
    if (typeof fate === "object") {
      void fate.heldUntil.then(() => process(bytes, source));
      return;
    }
    process(bytes, source);
    if (fate !== "duplicate") return;
    tap("in", bytes, source, "duplicate", false);
    process(bytes, source);
  }

  function write(bytes: Uint8Array, to: Address, fate: "delivered" | "duplicate", retransmission: boolean): void {
    if (state !== "open") return;
    tap("out", bytes, to, fate, retransmission);
    raw.write(bytes, to);
  }

  const socket: SipSocket = {
    transport,
    flow: options.flow,
    local,
    target: options.target,
    viaTransport: raw.viaTransport ?? viaTransports[transport],
    sentBy: raw.sentBy ?? hostPort(local),
    state() {
      return state;
    },
    send(bytes, how) {
      if (state !== "open") return;
      const to = how?.to ?? options.target;
      const retransmission = how?.retransmission ?? false;
      const fate = fateOf("out", bytes);
      if (fate === "lose") {
        tap("out", bytes, to, "lost", retransmission);
        return;
      }
      if (typeof fate === "object") {
        if (!retransmission) void fate.heldUntil.then(() => write(bytes, to, "delivered", false));
        return;
      }
      write(bytes, to, "delivered", retransmission);
      if (fate === "duplicate") write(bytes, to, "duplicate", retransmission);
    },
    receive(next) {
      receiver = state === "closed" ? undefined : next;
    },
    silence() {
      if (state === "open") state = "silent";
    },
    async close() {
      if (state === "closed") return;
      gone("closed by us", "us");
      await raw.end();
    },
    drop() {
      if (state === "closed") return;
      gone("dropped by us", "us");
      raw.reset();
    },
  };
  return { socket, arrived, gone };
}
