import type { FlowEvent } from "../../../harness/trace/trace-event.ts";
import type { NotSip, SipMessage } from "../../../harness/wire/sip-message.ts";
import type { SipSocket } from "../../sip/sip-socket.ts";

/** The network of one phone: what of its packets gets through. */
export interface PhoneNetwork {
  isUp(): boolean;
  /** What the phone is connected by. */
  name(): string;
  /** It vanishes without a farewell: flows stay open, and nothing comes over them any more. */
  lose(): void;
  regain(): void;
  /** Another network with another address: streams are ended, and datagrams to the old address get lost. */
  change(): void;
  /** The process of the app has ended: nobody reads what comes to its ports. */
  processEnded(): void;
  /** Whether a message gets through. */
  passes(direction: "in" | "out", flow: string, sip: SipMessage | NotSip): boolean;
}

export interface PhoneNetworkOptions {
  /** Its flows that are not closed. */
  readonly flows: () => readonly SipSocket[];
  /** Told of flows that have gone silent. */
  readonly record: (event: FlowEvent) => void;
}

const names = ["wifi", "cellular"] as const;

export function phoneNetwork({ flows, record }: PhoneNetworkOptions): PhoneNetwork {
  let isUp = true;
  let changes = 0;
  /** Streams that the network was lost under. */
  const dead = new Set<string>();
  /** Ports of datagrams that were open when the phone got another address. */
  const old = new Set<string>();
  /** Those of them it has not registered from since. */
  const moved = new Set<string>();

  /** Ports of a process that has ended, until one that follows it says something from there. */
  const orphaned = new Set<string>();

  const end = (name: string): void => {
    const flow = flows().find((one) => one.flow === name);
    // Not within the handling of a message of its own.
    if (flow !== undefined) queueMicrotask(() => flow.drop());
  };

  return {
    isUp() {
      return isUp;
    },
    name() {
      return names[changes % names.length]!;
    },
    lose() {
      isUp = false;
      for (const { flow, transport, state } of flows()) {
        if (transport === "udp" || state() !== "open" || dead.has(flow)) continue;
        dead.add(flow);
        record({ kind: "flow.silenced", transport, flow });
      }
    },
    regain() {
      isUp = true;
    },
    change() {
      isUp = true;
      changes += 1;
      for (const flow of flows()) {
        if (flow.transport !== "udp") flow.drop();
        else {
          old.add(flow.flow);
          moved.add(flow.flow);
        }
      }
    },
    processEnded() {
      for (const { flow, transport } of flows()) if (transport === "udp") orphaned.add(flow);
    },
    passes(direction, flow, sip) {
      if (direction === "in") orphaned.delete(flow);
      else if (orphaned.has(flow)) return false;
      if (!isUp) {
        // One that was opened meanwhile: there is no way for it.
        if (direction === "in" && !dead.has(flow) && !isDatagram(flows(), flow)) end(flow);
        return false;
      }
      if (dead.has(flow)) {
        // The other end has forgotten the connection, and says so.
        if (direction === "in") end(flow);
        return false;
      }
      const isRequest = sip.kind === "request";
      if (direction === "in") {
        if (isRequest && sip.method === "REGISTER") {
          moved.delete(flow);
          // Calls go on over the flow it registers by. A REGISTER from an old port may have left before the change.
          const isLeft = (name: string): boolean => dead.has(name) || (old.has(flow) ? moved : old).has(name);
          for (const socket of flows()) if (isLeft(socket.flow)) socket.silence();
        }
        return true;
      }
      return !(isRequest && moved.has(flow));
    },
  };
}

function isDatagram(flows: readonly SipSocket[], name: string): boolean {
  return flows.some(({ flow, transport }) => flow === name && transport === "udp");
}
