import { createSocket } from "node:dgram";
import { once } from "node:events";
import { callId, cseq, header, topVia, vias } from "../../../harness/wire/headers.ts";
import { parseMessage } from "../../../harness/wire/parse-message.ts";
import type { SipMessage, SipRequest } from "../../../harness/wire/sip-message.ts";
import type { Address } from "../sip-socket.ts";

/** A UDP target that does only what the test says. */
export interface ScriptedTarget {
  readonly address: Address;
  /** Every message so far. */
  readonly seen: readonly SipMessage[];
  /** The next message (from now or already waiting) that matches; earlier ones that do not are passed over. */
  next(match: (message: SipMessage) => boolean, deadlineMs?: number): Promise<SipMessage>;
  nextRequest(method: string): Promise<SipRequest>;
  /** Writes to the last endpoint heard from, or to `to`. */
  write(text: string, to?: Address): void;
  close(): Promise<void>;
}

export async function scriptedTarget(): Promise<ScriptedTarget> {
  const udp = createSocket("udp4");
  udp.bind(0, "127.0.0.1");
  await once(udp, "listening");
  const seen: SipMessage[] = [];
  let taken = 0;
  let peer: Address = { host: "127.0.0.1", port: 9 };
  const waiting = new Set<() => void>();
  udp.on("message", (bytes, from) => {
    peer = { host: from.address, port: from.port };
    const message = parseMessage(bytes);
    if (message.kind === "not-sip") return;
    seen.push(message);
    for (const look of waiting) look();
  });

  const next = (match: (message: SipMessage) => boolean, deadlineMs = 5_000): Promise<SipMessage> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        while (taken < seen.length) {
          const message = seen[taken++];
          if (message === undefined || !match(message)) continue;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(message);
          return;
        }
      };
      const timer = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`nothing matched within ${deadlineMs} ms`));
      }, deadlineMs);
      waiting.add(look);
      look();
    });

  return {
    address: { host: "127.0.0.1", port: udp.address().port },
    seen,
    next,
    nextRequest: (method) =>
      next((message) => message.kind === "request" && message.method === method) as Promise<SipRequest>,
    write: (text, to = peer) => udp.send(text, to.port, to.host),
    close: () => new Promise((resolve) => void udp.close(() => resolve())),
  };
}

/** A response text; `extra` lines are added, `to` replaces the To value. */
export function answerTo(
  request: SipRequest,
  status: string,
  options: { readonly to?: string; readonly extra?: readonly string[]; readonly body?: string } = {},
): string {
  const body = options.body ?? "";
  return [
    `SIP/2.0 ${status}`,
    ...vias(request).map((via) => `Via: ${via.raw}`),
    `From: ${header(request, "from")}`,
    `To: ${options.to ?? header(request, "to")}`,
    `Call-ID: ${callId(request)}`,
    `CSeq: ${header(request, "cseq")}`,
    ...(options.extra ?? []),
    `Content-Length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
}

/** A request text as a target would send it to an endpoint. */
export function requestTo(
  uri: string,
  method: string,
  options: {
    readonly branch: string;
    readonly from: string;
    readonly to: string;
    readonly callId: string;
    readonly cseq?: number;
    readonly via?: string;
    readonly extra?: readonly string[];
  },
): string {
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: ${options.via ?? "SIP/2.0/UDP 127.0.0.1:9;rport"};branch=${options.branch}`,
    "Max-Forwards: 70",
    `From: ${options.from}`,
    `To: ${options.to}`,
    `Call-ID: ${options.callId}`,
    `CSeq: ${options.cseq ?? 1} ${method === "ACK" ? "ACK" : method}`,
    "Contact: <sip:target@127.0.0.1:9>",
    ...(options.extra ?? []),
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}

/** What ties messages of one transaction together, for comparing. */
export function transactionOf(message: SipMessage): string {
  return `${topVia(message)?.branch} ${cseq(message)?.number}`;
}
