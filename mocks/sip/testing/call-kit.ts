import { type CallerAgent, callerAgent, type CallerEvent } from "../caller-agent.ts";
import { type IncomingCall, type IncomingCallEvent, type PhoneAgent, phoneAgent } from "../phone-agent.ts";
import type { Credentials } from "../credentials.ts";
import type { Address, SipSocket, SocketOptions, WireFilter, WireMessage } from "../sip-socket.ts";
import type { Transport } from "../../../harness/trace/trace-event.ts";
import type { TlsTrust } from "../open-stream.ts";
import { openTcpConnection } from "../tcp-connection.ts";
import { openTlsConnection } from "../tls-connection.ts";
import { openWebSocketConnection } from "../websocket-connection.ts";
import { openUdpSocket } from "../udp-socket.ts";

/** Waits for things that are pushed one by one, with a deadline instead of sleeping. */
export interface Waiter<T> {
  readonly all: readonly T[];
  readonly push: (item: T) => void;
  /** The first item, past or future, that matches. */
  find<S extends T>(match: (item: T) => item is S, deadlineMs?: number): Promise<S>;
  find(match: (item: T) => boolean, deadlineMs?: number): Promise<T>;
}

export function waiter<T>(what: string): Waiter<T> {
  const all: T[] = [];
  const looks = new Set<(item: T) => void>();
  return {
    all,
    push(item) {
      all.push(item);
      for (const look of looks) look(item);
    },
    find(match: (item: T) => boolean, deadlineMs = 15_000) {
      const known = all.find(match);
      if (known !== undefined) return Promise.resolve(known);
      return new Promise<T>((resolve, reject) => {
        const done = (): void => {
          clearTimeout(timer);
          looks.delete(look);
        };
        const look = (item: T): void => {
          if (!match(item)) return;
          done();
          resolve(item);
        };
        const timer = setTimeout(() => {
          done();
          reject(new Error(`no such ${what} within ${deadlineMs} ms; seen: ${JSON.stringify(all.map(kindOf))}`));
        }, deadlineMs);
        looks.add(look);
      });
    },
  };
}

function kindOf(item: unknown): unknown {
  return typeof item === "object" && item !== null && "kind" in item ? item.kind : typeof item;
}

/** Everything a test opened, closed in one go. */
export interface Bench {
  readonly faults: readonly string[];
  readonly wire: Waiter<WireMessage>;
  /** With `trust`, a `ws` socket is a `wss` one. */
  open(
    transport: Transport,
    target: Address,
    options?: Partial<SocketOptions> & { readonly filter?: WireFilter; readonly trust?: TlsTrust },
  ): Promise<SipSocket>;
  caller(socket: SipSocket, options?: { readonly credentials?: Credentials; readonly uri?: string }): BenchCaller;
  phone(
    user: string,
    options?: { readonly credentials?: Credentials; readonly onInvite?: (call: IncomingCall) => void },
  ): BenchPhone;
  close(): Promise<void>;
}

export interface BenchCaller extends CallerAgent {
  readonly events: Waiter<CallerEvent>;
}

export interface BenchPhone extends PhoneAgent {
  readonly calls: Waiter<IncomingCall>;
  readonly events: Waiter<IncomingCallEvent>;
}

let flows = 0;

function openSip(transport: Transport, options: SocketOptions & { readonly trust?: TlsTrust }): Promise<SipSocket> {
  const { trust } = options;
  if (transport === "udp") return openUdpSocket(options);
  if (transport === "tcp") return openTcpConnection(options);
  if (transport === "ws") return openWebSocketConnection(options);
  if (trust === undefined) throw new Error("TLS needs somebody to trust");
  return openTlsConnection({ ...options, trust });
}

export function bench(): Bench {
  const faults: string[] = [];
  const wire = waiter<WireMessage>("wire message");
  const sockets: SipSocket[] = [];
  const agents: { dispose(): void }[] = [];
  const onFault = (message: string): void => void faults.push(message);

  return {
    faults,
    wire,
    async open(transport, target, options = {}) {
      flows += 1;
      const socket = await openSip(transport, { target, flow: `${transport}-${flows}`, tap: wire.push, ...options });
      sockets.push(socket);
      return socket;
    },
    caller(socket, options = {}) {
      const events = waiter<CallerEvent>("caller event");
      const agent = callerAgent({
        socket,
        uri: options.uri ?? "sip:alice@example.test",
        displayName: 'Alice "A" \\ Ünal',
        onEvent: events.push,
        onFault,
        ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
      });
      agents.push(agent);
      return Object.assign(agent, { events });
    },
    phone(user, options = {}) {
      const calls = waiter<IncomingCall>("call");
      const events = waiter<IncomingCallEvent>("call event");
      const agent = phoneAgent({
        aor: `sip:${user}@example.test`,
        onInvite(call) {
          call.listen(events.push);
          calls.push(call);
          options.onInvite?.(call);
        },
        onFault,
        ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
      });
      agents.push(agent);
      // The contact is a getter: assigning onto a copy would freeze it.
      return Object.defineProperties(agent, { calls: { value: calls }, events: { value: events } }) as BenchPhone;
    },
    async close() {
      for (const agent of agents) agent.dispose();
      await Promise.all(sockets.map((socket) => socket.close()));
    },
  };
}
