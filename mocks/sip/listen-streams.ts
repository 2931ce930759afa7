import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { HarnessFault } from "../../harness/errors.ts";
import { CONNECT_DEADLINE_MS } from "./connect-tcp.ts";
import { framedStream } from "./framed-stream.ts";
import { listenOn } from "./listen-on.ts";
import type { ListenOptions, SipListener } from "./listen-sip.ts";
import { listenerFlows, type ListenerFlows } from "./listener-flows.ts";

/** One TCP port, with or without TLS; a flow is a connection. */
export async function listenStreams(transport: "tcp" | "tls", options: ListenOptions): Promise<SipListener> {
  const server = transport === "tls" ? tlsServer(options) : createServer({ noDelay: true });
  const { local, rawOf, closeAll } = await listenOn(server, options);
  const flows: ListenerFlows = listenerFlows(options, local);

  const serve = (stream: Socket): void => {
    const tcp = rawOf(stream);
    if (tcp.remoteAddress === undefined) return; // gone again already
    const peer = { host: tcp.remoteAddress, port: tcp.remotePort ?? 0 };
    flows.open(peer, (flowOptions) =>
      framedStream({ transport, stream, tcp, sentBy: flows.sentBy, answersKeepAlives: true }, flowOptions),
    );
  };
  if (transport === "tls") server.on("secureConnection", (stream: TLSSocket) => serve(stream));
  else server.on("connection", serve);

  return {
    transport,
    secure: transport === "tls",
    address: local,
    async close() {
      await flows.close();
      await closeAll();
    },
  };
}

function tlsServer({ certificate, onTrouble }: ListenOptions): Server {
  if (certificate === undefined) throw new HarnessFault("no-certificate", "SIP over TLS needs a certificate.");
  const { certPem: cert, keyPem: key } = certificate;
  const server = createTlsServer({ cert, key, noDelay: true, handshakeTimeout: CONNECT_DEADLINE_MS });
  server.on("tlsClientError", (error) => onTrouble?.(`a TLS handshake failed: ${error.message}`));
  return server;
}
