import type { SipRequest } from "../../harness/wire/sip-message.ts";
import { header, vias } from "../../harness/wire/headers.ts";
import { reasonPhrase } from "./reason-phrase.ts";
import type { Address } from "./sip-socket.ts";

export type HeaderLine = readonly [name: string, value: string];

/** What we let others do within and outside a dialog (RFC 3261 section 20.5). */
export const ALLOW: HeaderLine = ["Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS"];
/** The same where UPDATE is taken too (RFC 3311 section 4). */
export const ALLOW_UPDATE: HeaderLine = ["Allow", `${ALLOW[1]}, UPDATE`];
const PRODUCT = "RingTrue";

/** A request of ours before it has a Via. */
export interface OutgoingRequest {
  readonly method: string;
  readonly uri: string;
  /** Field values with their tags. */
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly cseq: number;
  /** Route field values, top first. */
  readonly routes: readonly string[];
  /** Further header fields, in order. */
  readonly headers: readonly HeaderLine[];
  readonly body?: { readonly type: string; readonly text: string };
  /** Where a datagram goes when not to the target. */
  readonly nextHop?: Address;
}

/** The request line and every mandatory header field (RFC 3261 sections 7.1 and 8.1.1). */
export function requestText(request: OutgoingRequest, via: string): string {
  const lines: HeaderLine[] = [
    ["Via", via],
    ["Max-Forwards", "70"],
    ...request.routes.map((route) => ["Route", route] as const),
    ["From", request.from],
    ["To", request.to],
    ["Call-ID", request.callId],
    ["CSeq", `${request.cseq} ${request.method}`],
    ...request.headers,
    ["User-Agent", PRODUCT],
  ];
  return messageText(`${request.method} ${request.uri} SIP/2.0`, lines, request.body);
}

/** What a response adds to what it copies from its request. */
export interface ResponseParts {
  readonly status: number;
  readonly reason?: string;
  /** Tag for To, where the request had none (RFC 3261 section 8.2.6.2). Not for 100. */
  readonly toTag?: string;
  readonly headers?: readonly HeaderLine[];
  readonly body?: { readonly type: string; readonly text: string };
}

/** A response with everything RFC 3261 section 8.2.6.2 has it copy; `topVia` replaces the first Via value. */
export function responseText(request: SipRequest, topVia: string, parts: ResponseParts): string {
  const to = header(request, "to") ?? "";
  const untagged = parts.toTag !== undefined && !/;\s*tag\s*=/i.test(to.slice(to.lastIndexOf(">") + 1));
  const lines: HeaderLine[] = [
    ["Via", topVia],
    ...vias(request)
      .slice(1)
      .map((via) => ["Via", via.raw] as const),
  ];
  const timestamp = parts.status === 100 ? header(request, "timestamp") : undefined;
  for (const [name, value] of [
    ["From", header(request, "from")],
    ["To", untagged ? `${to};tag=${parts.toTag}` : to],
    ["Call-ID", header(request, "call-id")],
    ["CSeq", header(request, "cseq")],
    ["Timestamp", timestamp],
  ] as const) {
    if (value !== undefined && value !== "") lines.push([name, value]);
  }
  lines.push(...(parts.headers ?? []), ["Server", PRODUCT]);
  return messageText(`SIP/2.0 ${parts.status} ${parts.reason ?? reasonPhrase(parts.status)}`, lines, parts.body);
}

function messageText(
  start: string,
  lines: readonly HeaderLine[],
  body: { readonly type: string; readonly text: string } | undefined,
): string {
  let text = `${start}\r\n`;
  for (const [name, value] of lines) text += `${name}: ${value}\r\n`;
  if (body !== undefined) text += `Content-Type: ${body.type}\r\n`;
  return `${text}Content-Length: ${Buffer.byteLength(body?.text ?? "")}\r\n\r\n${body?.text ?? ""}`;
}
