import { liveClock } from "../harness/clock/clock.ts";
import type { AppHost, LinkMessage, SipConnection } from "../harness/targets/module-app.ts";
import type { Transport } from "../harness/trace/trace-event.ts";
import type { Address, SipSocket, SocketOptions } from "../mocks/sip/sip-socket.ts";
import { openTcpConnection } from "../mocks/sip/tcp-connection.ts";
import { openUdpSocket } from "../mocks/sip/udp-socket.ts";
import { openWebSocketConnection } from "../mocks/sip/websocket-connection.ts";
import { readLines } from "../mocks/reference/client/read-lines.ts";
import { loadApp } from "../mocks/virtual/load-app.ts";

/*
 * node dist/bench/live-module.js MODULE-URL: an adapter that runs a module target over the network and in real time, beside which it is
 * measured in virtual time. Where an app has to know its own address it has to be UDP: its ports are bound before it asks for one.
 */

/** As many ports are ready as phones may start at once. */
const READY_PORTS = 64;
const NOWHERE: Address = { host: "127.0.0.1", port: 9 };

/** Where the app registers, by transport: the accounts of RingTrue say it. */
const registrars = new Map<string, Address>();

interface Hooks {
  receive: (bytes: Uint8Array) => void;
  closed: () => void;
}

async function main(): Promise<void> {
  const ports: { readonly socket: SipSocket; readonly hooks: Hooks }[] = [];
  const addPort = async (): Promise<void> => {
    const hooks: Hooks = { receive: () => {}, closed: () => {} };
    ports.push({ hooks, socket: await openUdpSocket(optionsOf(NOWHERE, hooks)) });
  };
  await Promise.all(Array.from({ length: READY_PORTS }, addPort));

  let receive: (message: LinkMessage) => void = () => {};
  const host: AppHost = {
    clock: liveClock(),
    sip: {
      connect(transport) {
        if (transport !== "udp") return streamConnection(transport);
        const ready = ports.shift();
        if (ready === undefined) throw new Error("no UDP port is ready");
        void addPort();
        return connectionOn(transport, ready.hooks, Promise.resolve(ready.socket), ready.socket.local);
      },
    },
    link: {
      send: (message) => void process.stdout.write(`${JSON.stringify(message)}\n`),
      onMessage: (to) => (receive = to),
    },
    log: (line) => void process.stderr.write(`${line}\n`),
  };
  const createApp = await loadApp(process.argv[2] ?? "", "createApp");
  await createApp(host);
  readLines(
    process.stdin,
    (line) => {
      const message = JSON.parse(line) as LinkMessage;
      remember(message);
      receive(message);
    },
    () => process.exit(0),
  );
}

function remember({ params }: LinkMessage): void {
  const account = params?.["account"] as
    | { readonly registrar: Address & { readonly transport: string } }
    | null
    | undefined;
  if (account?.registrar !== undefined) registrars.set(account.registrar.transport, account.registrar);
}

function optionsOf(target: Address, hooks: Hooks): SocketOptions {
  return { target, flow: "app", tap: () => {}, onClose: (_, by) => void (by === "peer" && hooks.closed()) };
}

function streamConnection(transport: Exclude<Transport, "udp">): SipConnection {
  if (transport === "tls") throw new Error("no TLS here");
  const hooks: Hooks = { receive: () => {}, closed: () => {} };
  const options = optionsOf(registrars.get(transport) ?? NOWHERE, hooks);
  const opening = transport === "ws" ? openWebSocketConnection(options) : openTcpConnection(options);
  return connectionOn(transport, hooks, opening, { host: "127.0.0.1", port: 0 });
}

function connectionOn(transport: Transport, hooks: Hooks, opening: Promise<SipSocket>, local: Address): SipConnection {
  let isClosed = false;
  void opening.then((socket) => {
    socket.receive({ message: (bytes) => hooks.receive(bytes), closed: () => {} });
    if (isClosed) void socket.close();
  });
  return {
    transport,
    local,
    send(message) {
      const bytes = Buffer.from(message as string);
      const to = registrars.get(transport);
      void opening.then((socket) => socket.send(bytes, transport === "udp" && to !== undefined ? { to } : {}));
    },
    onMessage: (to) => (hooks.receive = to),
    onClose: (to) => (hooks.closed = to),
    close() {
      isClosed = true;
      void opening.then((socket) => socket.close());
    },
  };
}

await main();
