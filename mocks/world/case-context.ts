import type { Clock } from "../../harness/clock/clock.ts";
import type { Plan } from "../../harness/plan/plan.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { Transport } from "../../harness/trace/trace-event.ts";
import type { Address, SipSocket, SocketOptions } from "../sip/sip-socket.ts";
import { openTcpConnection } from "../sip/tcp-connection.ts";
import { openUdpSocket } from "../sip/udp-socket.ts";
import { HarnessFault } from "../../harness/errors.ts";
import type { Attribution, CasePort } from "./attribution.ts";
import type { CallDirectory } from "./call-directory.ts";
import type { CaseRecorder } from "./case-recorder.ts";
import type { PendingTimers } from "./pending-timers.ts";

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
  /** Address of the target per transport. */
  readonly targetOn: (transport: Transport) => Address;
  readonly bind: string;
  /** RingTrue itself went wrong: the case becomes a harness fault. */
  readonly fault: (message: string) => void;
  /** Something changed that may have been the last thing the case waited for. */
  readonly changed: () => void;
}

/** Opens a socket of the plan's transport. TLS and WebSocket need an opener each and nothing else. */
export function openSocket(transport: Transport, options: SocketOptions): Promise<SipSocket> {
  switch (transport) {
    case "udp":
      return openUdpSocket(options);
    case "tcp":
      return openTcpConnection(options);
    case "tls":
    case "ws":
      throw new HarnessFault("NO_ENDPOINT", `there is no SIP endpoint for ${transport} yet`);
  }
}

export function hostPort({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
