import type { Clock } from "../../harness/clock/clock.ts";
import type { Plan } from "../../harness/plan/plan.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { Transport } from "../../harness/trace/trace-event.ts";
import { HarnessFault } from "../../harness/errors.ts";
import type { TlsTrust } from "../sip/open-stream.ts";
import type { Address, SipSocket, SocketOptions } from "../sip/sip-socket.ts";
import { openTcpConnection } from "../sip/tcp-connection.ts";
import { openTlsConnection } from "../sip/tls-connection.ts";
import { openUdpSocket } from "../sip/udp-socket.ts";
import { openWebSocketConnection } from "../sip/websocket-connection.ts";
import type { Attribution, CasePort } from "./attribution.ts";
import type { CallDirectory } from "./call-directory.ts";
import type { CaseRecorder } from "./case-recorder.ts";
import type { PendingTimers } from "./pending-timers.ts";

/** Where the target listens on one transport, and what it takes to get in. */
export interface SipTarget extends Address {
  /** Present where TLS is spoken. */
  readonly trust?: TlsTrust;
  /** Path of a WebSocket. @default "/" */
  readonly wsPath?: string;
}

/** What the players of one case share. */
export interface CaseContext {
  readonly plan: Plan;
  readonly facts: RunFacts;
  readonly clock: Clock;
  readonly port: CasePort;
  readonly recorder: CaseRecorder;
  readonly timers: PendingTimers;
  readonly directory: CallDirectory;
  readonly attribution: Attribution;
  readonly targetOn: (transport: Transport) => SipTarget;
  readonly bind: string;
  /** RingTrue itself went wrong: the case becomes a harness fault. */
  readonly fault: (message: string) => void;
  /** Something changed that may have been the last thing the case waited for. */
  readonly changed: () => void;
}

/** Opens a socket of the plan's transport. */
export function openSocket(
  transport: Transport,
  options: SocketOptions & { readonly target: SipTarget },
): Promise<SipSocket> {
  const { trust, wsPath } = options.target;
  switch (transport) {
    case "udp":
      return openUdpSocket(options);
    case "tcp":
      return openTcpConnection(options);
    case "tls":
      if (trust === undefined) throw new HarnessFault("NO_TRUST", "TLS to a target nobody vouches for");
      return openTlsConnection({ ...options, trust });
    case "ws":
      return openWebSocketConnection({
        ...options,
        ...(wsPath === undefined ? {} : { path: wsPath }),
        ...(trust === undefined ? {} : { trust }),
      });
  }
}

export function hostPort({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
