import { randomBytes } from "node:crypto";
import type { FlowHandlers, Registrar, SipFlow } from "./sip-flow.ts";

/** Where a module target gets its SIP connections from. */
export interface FlowHost {
  readonly sip: {
    connect(transport: Registrar["transport"]): {
      readonly local: { readonly host: string; readonly port: number };
      send(bytes: Uint8Array): void;
      onMessage(receive: (bytes: Uint8Array) => void): void;
      onClose(closed: () => void): void;
      close(): void;
    };
  };
}

/** A flow that its host carries. */
export function openHostedFlow(host: FlowHost, registrar: Registrar, handlers: FlowHandlers): SipFlow {
  const { transport, host: name, port } = registrar;
  const connection = host.sip.connect(transport);
  const id = randomBytes(4).toString("hex");
  let state: "opening" | "open" | "closed" = "opening";
  const flow: SipFlow = {
    id: `${transport}:${id}`,
    transport,
    host: name,
    port,
    // RFC 7118 section 5.
    sentBy: transport === "ws" ? `${id}.invalid` : `${connection.local.host}:${connection.local.port}`,
    get open() {
      return state === "open";
    },
    send(bytes) {
      if (state === "open") connection.send(bytes);
    },
    destroy() {
      state = "closed";
      connection.close();
    },
  };
  connection.onMessage((bytes) => {
    if (state === "open") handlers.onBytes(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), flow);
  });
  connection.onClose(() => {
    if (state === "closed") return;
    state = "closed";
    handlers.onClosed(flow);
  });
  queueMicrotask(() => {
    if (state !== "opening") return;
    state = "open";
    handlers.onOpen(flow);
  });
  return flow;
}
