import type { Transport } from "../../harness/trace/trace-event.ts";
import type { Address, SipSocket, SocketOptions, SocketReceiver } from "./sip-socket.ts";

/** What an opener knows of its kind of socket: the three things that differ between transports. */
export interface RawSocket {
  readonly write: (bytes: Uint8Array, to: Address) => void;
  /** Orderly end; resolves when the operating system has let go. */
  readonly end: () => Promise<void>;
  readonly reset: () => void;
}

/** The other side of a `SipSocket`: where its opener reports what the operating system said. */
export interface TappedSocket {
  readonly socket: SipSocket;
  readonly arrived: (bytes: Uint8Array, source: Address) => void;
  /** Idempotent: the first reason counts. */
  readonly gone: (why: string) => void;
}

/** Tap, filter and life of a socket, the same for every transport. */
export function tappedSocket(
  transport: Transport,
  local: Address,
  options: SocketOptions,
  raw: RawSocket,
): TappedSocket {
  let state: SipSocket["state"] = "open";
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

  function arrived(bytes: Uint8Array, source: Address): void {
    if (state === "closed") return;
    const fate = fateOf("in", bytes);
    tap("in", bytes, source, fate === "lose" ? "lost" : "delivered", false);
    if (fate === "lose") return;
    if (state === "open") receiver?.message(bytes, source);
    if (fate !== "duplicate") return;
    tap("in", bytes, source, "duplicate", false);
    if (state === "open") receiver?.message(bytes, source);
  }

  const socket: SipSocket = {
    transport,
    flow: options.flow,
    local,
    target: options.target,
    get state() {
      return state;
    },
    send(bytes, how) {
      if (state !== "open") return;
      const to = how?.to ?? options.target;
      const retransmission = how?.retransmission ?? false;
      const fate = fateOf("out", bytes);
      tap("out", bytes, to, fate === "lose" ? "lost" : "delivered", retransmission);
      if (fate === "lose") return;
      raw.write(bytes, to);
      if (fate !== "duplicate") return;
      tap("out", bytes, to, "duplicate", retransmission);
      raw.write(bytes, to);
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
