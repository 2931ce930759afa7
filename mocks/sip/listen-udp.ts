import type { ListenOptions, SipListener } from "./listen-sip.ts";
import { listenerFlows } from "./listener-flows.ts";
import type { Address } from "./sip-socket.ts";
import { hostPort, type TappedSocket, tappedSocket } from "./tapped-socket.ts";
import { bindUdp, datagramWriter, isKeepAlive } from "./udp-socket.ts";

/** One UDP port; a flow is what comes from one address and port. */
export async function listenUdp(options: ListenOptions): Promise<SipListener> {
  const udp = await bindUdp(options.bind ?? "127.0.0.1", options.port);
  const bound = udp.address();
  const local = { host: bound.address, port: bound.port };
  const flows = listenerFlows(options, local);
  const byPeer = new Map<string, TappedSocket>();
  const write = datagramWriter(udp, options.onTrouble);
  let isClosed = false;

  function flowOf(peer: Address): TappedSocket | undefined {
    const key = hostPort(peer);
    if (byPeer.has(key)) return byPeer.get(key);
    flows.open(peer, (flowOptions) => {
      const forget = (): void => void byPeer.delete(key);
      const tapped = tappedSocket("udp", local, flowOptions, {
        sentBy: flows.sentBy,
        write,
        end: async () => forget(),
        reset: forget,
      });
      byPeer.set(key, tapped);
      return tapped.socket;
    });
    return byPeer.get(key);
  }

  udp.on("message", (bytes, from) => {
    if (isClosed || isKeepAlive(bytes)) return;
    const peer = { host: from.address, port: from.port };
    flowOf(peer)?.arrived(bytes, peer);
  });
  udp.on("error", (error) => options.onTrouble?.(error.message));

  return {
    transport: "udp",
    secure: false,
    address: local,
    async close() {
      if (isClosed) return;
      isClosed = true;
      await flows.close();
      await new Promise<void>((resolve) => udp.close(() => resolve()));
    },
  };
}
