import { onTestFinished } from "vitest";
import { liveClock } from "../../../harness/clock/clock.ts";
import type { Transport } from "../../../harness/trace/trace-event.ts";
import { listenSip, type ListenOptions, type ServerCertificate, type SipListener } from "../listen-sip.ts";
import type { RegistrarEvent, RegistrarOptions } from "../registrar.ts";
import type { SipSocket, WireFate, WireMessage } from "../sip-socket.ts";
import { sipServer, type SipServer } from "../sip-server.ts";
import { bench, type Bench, waiter, type Waiter } from "./call-kit.ts";

/** RingTrue's registrar behind one listener, and a bench of phones to meet it. */
export interface ClientStand {
  readonly server: SipServer;
  readonly listener: SipListener;
  readonly phones: Bench;
  /** What crossed the listener. */
  readonly wire: Waiter<WireMessage>;
  readonly events: Waiter<RegistrarEvent>;
  readonly flows: Waiter<SipSocket>;
  readonly ends: Waiter<string>;
  readonly troubles: Waiter<string>;
  readonly faults: readonly string[];
  readonly registered: Waiter<RegistrarEvent & { readonly kind: "registered" }>;
}

export async function clientStand(
  transport: Transport,
  options: Partial<RegistrarOptions> & {
    readonly certificate?: ServerCertificate;
    readonly filter?: (flow: string, direction: "in" | "out", bytes: Uint8Array) => WireFate;
    readonly listen?: Partial<ListenOptions>;
  } = {},
): Promise<ClientStand> {
  const wire = waiter<WireMessage>("wire message");
  const events = waiter<RegistrarEvent>("registrar event");
  const registered = waiter<RegistrarEvent & { readonly kind: "registered" }>("registration");
  const flows = waiter<SipSocket>("flow");
  const ends = waiter<string>("end of a flow");
  const troubles = waiter<string>("trouble");
  const faults: string[] = [];
  const phones = bench();
  const { certificate, filter, listen, ...registrarOptions } = options;
  const server = sipServer({
    clock: liveClock(),
    domain: "example.test",
    accountOf: (user) => ({ aor: `sip:${user}@example.test`, username: user }),
    registration: {},
    onEvent(event) {
      events.push(event);
      if (event.kind === "registered") registered.push(event);
    },
    onFault: (message) => void faults.push(message),
    ...registrarOptions,
  });
  const listener = await listenSip({
    transport,
    flow: `stand-${transport}`,
    tap: wire.push,
    onFlow(flow) {
      server.adopt(flow);
      flows.push(flow);
    },
    onClose: (flow, why, by) => ends.push(`${flow} ${by}: ${why}`),
    onGarbage: (_, bytes, why) => troubles.push(`garbage of ${bytes.length}: ${why}`),
    onTrouble: troubles.push,
    ...(certificate === undefined ? {} : { certificate }),
    ...(filter === undefined ? {} : { filter }),
    ...listen,
  });
  onTestFinished(async () => {
    await phones.close();
    server.dispose();
    await listener.close();
  });
  return { server, listener, phones, wire, events, flows, ends, troubles, faults, registered };
}
