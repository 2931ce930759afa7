import type { ListenOptions } from "./listen-sip.ts";
import type { Address, SipSocket, SocketOptions } from "./sip-socket.ts";
import { hostPort } from "./tapped-socket.ts";

/** The flows of one listener, named and counted. */
export interface ListenerFlows {
  /** What our Via and Contact say on all of them. */
  readonly sentBy: string;
  /** Makes the flow to `peer` with the options it needs, and announces it. */
  open(peer: Address, make: (options: SocketOptions) => SipSocket): SipSocket;
  close(): Promise<void>;
}

export function listenerFlows(options: ListenOptions, local: Address): ListenerFlows {
  const flows = new Set<SipSocket>();
  const { filter, onClose, onGarbage, onTrouble } = options;
  let count = 0;
  return {
    sentBy: hostPort({ host: options.advertise ?? local.host, port: local.port }),
    open(peer, make) {
      count += 1;
      const name = `${options.flow}/${count}`;
      const flow = make({
        target: peer,
        bind: local.host,
        flow: name,
        tap: options.tap,
        ...(filter === undefined ? {} : { filter: (direction, bytes) => filter(name, direction, bytes) }),
        onClose(why, by) {
          flows.delete(flow);
          onClose?.(name, why, by);
        },
        ...(onGarbage === undefined ? {} : { onGarbage: (bytes, why) => onGarbage(name, bytes, why) }),
        ...(onTrouble === undefined ? {} : { onTrouble }),
      });
      flows.add(flow);
      options.onFlow(flow);
      return flow;
    },
    async close() {
      await Promise.all([...flows].map((flow) => flow.close()));
    },
  };
}
