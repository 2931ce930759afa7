import type { ClientHandlers, ClientTransaction } from "./client-transaction.ts";
import type { Fault } from "./faults.ts";
import type { ServerTransaction } from "./server-transaction.ts";
import { parseVia } from "./sip-fields.ts";
import { type SipRequest, valueOf } from "./sip-message.ts";
import { timerSet, type Timers } from "./timers.ts";
import { type RequestHandlers, transactions } from "./transactions.ts";
import { type Flow, openTransport, type Transport } from "./transport.ts";

export interface TransactionLayer {
  readonly transport: Transport;
  readonly timers: Timers;
  /** `host:port` this server is reached at. */
  readonly sentBy: string;
  request(request: SipRequest, flow: Flow, handlers: ClientHandlers): ClientTransaction;
  /** Sends without following it: ACK for 2xx. */
  sendOnce(request: SipRequest, flow: Flow): void;
  close(): Promise<void>;
}

/**
 * Sockets and transactions of one server (RFC 3261 17, 18). Responses go back over the connection their request came over,
 * by UDP to its source (RFC 3581) or to the port of its Via (18.2.2).
 */
export async function openTransactionLayer(
  listen: { readonly host: string; readonly port: number },
  fault: Fault,
  handlers: RequestHandlers,
): Promise<TransactionLayer> {
  const timers = timerSet();
  const transport = await openTransport(listen.host, listen.port, {
    onBytes: (bytes, flow) => own.receive(bytes, flow),
    onClosed: (flow) => own.closed(flow),
  });
  const sentBy = `${transport.host}:${transport.port}`;
  const own = transactions({
    timers,
    fault,
    sentBy: () => sentBy,
    responseFlow: (transaction) => responseFlow(transport, transaction),
    handlers,
  });
  return {
    transport,
    timers,
    sentBy,
    request: own.request,
    sendOnce: own.sendOnce,
    close: async () => {
      timers.clear();
      await transport.close();
    },
  };
}

function responseFlow(transport: Transport, transaction: ServerTransaction): Flow {
  const { flow, request } = transaction;
  if (flow.transport === "tcp") return flow;
  const via = parseVia(valueOf(request, "via") ?? "");
  if (via === undefined || via.params.has("rport")) return flow;
  return transport.udpFlow(flow.host, via.port ?? 5060);
}
