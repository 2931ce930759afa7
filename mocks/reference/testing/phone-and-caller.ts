import type { RawEndpoint, RawMessage } from "./raw-endpoint.ts";

let count = 0;
function unique(prefix: string): string {
  count += 1;
  return `${prefix}${count}`;
}

function via(endpoint: RawEndpoint): string {
  return `Via: SIP/2.0/${endpoint.transport.toUpperCase()} ${endpoint.address};branch=z9hG4bK${unique("b")};rport`;
}

function contactUri(endpoint: RawEndpoint, user: string): string {
  return `sip:${user}@${endpoint.address}${endpoint.transport === "tcp" ? ";transport=tcp" : ""}`;
}

function text(lines: readonly string[], body = ""): string {
  const head = [...lines, ...(body === "" ? [] : ["Content-Type: application/sdp"]), `Content-Length: ${body.length}`];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}

export const SDP =
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";

/** A token as FCM issues them. */
export const FCM_TOKEN = `dGVzdC1pbnN0YW5jZS1pZA:APA91b${"Ab9_-".repeat(26)}`;

/** Sends REGISTER (RFC 8599 style when a token is given; one that is not hexadecimal is FCM's) and gives its final response. */
export async function register(
  endpoint: RawEndpoint,
  user: string,
  more: {
    readonly token?: string;
    readonly expires?: number;
    readonly contact?: string;
    readonly callId?: string;
    readonly cseq?: number;
    /** @default 200 */
    readonly answer?: number;
    readonly withinMs?: number;
  } = {},
): Promise<RawMessage> {
  const push =
    more.token === undefined
      ? ""
      : /^[0-9a-f]+$/.test(more.token)
        ? `;pn-provider=apns;pn-param=TEAM.com.example.phone;pn-prid=${more.token}`
        : `;pn-provider=fcm;pn-param=example-project;pn-prid=${more.token}`;
  endpoint.send(
    text([
      "REGISTER sip:example.test SIP/2.0",
      via(endpoint),
      "Max-Forwards: 70",
      `From: <sip:${user}@example.test>;tag=${unique("r")}`,
      `To: <sip:${user}@example.test>`,
      `Call-ID: ${more.callId ?? unique("register-")}`,
      `CSeq: ${more.cseq ?? 1} REGISTER`,
      `Contact: ${more.contact ?? `<${contactUri(endpoint, user)}${push}>`}`,
      `Expires: ${more.expires ?? 600}`,
    ]),
  );
  return endpoint.next(`${more.answer ?? 200} REGISTER`, more.withinMs);
}

export interface PlacedCall {
  readonly callId: string;
  readonly invite: string;
  cancel(): void;
  /** Sends an in-dialog request by what the 2xx says. */
  inDialog(method: string, answer: RawMessage): void;
  /** ACK for a final response from 300 up. */
  acknowledge(rejection: RawMessage): void;
}

/** Sends INVITE; whoever calls reads the responses from the endpoint. */
export function placeCall(endpoint: RawEndpoint, callee: string, caller = "alice"): PlacedCall {
  const callId = unique("call-");
  const tag = unique("c");
  const from = `From: "Alice \\"A\\"" <sip:${caller}@example.test>;tag=${tag}`;
  const uri = `sip:${callee}@example.test`;
  const top = via(endpoint);
  const invite = text(
    [
      `INVITE ${uri} SIP/2.0`,
      top,
      "Max-Forwards: 70",
      from,
      `To: <${uri}>`,
      `Call-ID: ${callId}`,
      "CSeq: 7 INVITE",
      `Contact: <${contactUri(endpoint, caller)}>`,
      "X-Kept: As It Is",
    ],
    SDP,
  );
  endpoint.send(invite);
  const sameTransaction = (method: string, to: string): string =>
    text([
      `${method} ${uri} SIP/2.0`,
      top,
      "Max-Forwards: 70",
      from,
      `To: ${to}`,
      `Call-ID: ${callId}`,
      `CSeq: 7 ${method}`,
    ]);
  return {
    callId,
    invite,
    cancel: () => endpoint.send(sameTransaction("CANCEL", `<${uri}>`)),
    acknowledge: (rejection) => endpoint.send(sameTransaction("ACK", rejection.get("To"))),
    inDialog: (method, answer) =>
      endpoint.send(
        text([
          `${method} ${/<([^>]*)>/.exec(answer.get("Contact"))?.[1] ?? ""} SIP/2.0`,
          via(endpoint),
          "Max-Forwards: 70",
          ...answer
            .all("Record-Route")
            .toReversed()
            .map((route) => `Route: ${route}`),
          from,
          `To: ${answer.get("To")}`,
          `Call-ID: ${callId}`,
          `CSeq: ${method === "ACK" ? 7 : 8} ${method}`,
        ]),
      ),
  };
}

/** A response of the phone to a request it got. */
export function respond(endpoint: RawEndpoint, request: RawMessage, status: number, tag: string, body = ""): void {
  const to = request.get("To");
  endpoint.send(
    text(
      [
        `SIP/2.0 ${status} ${status === 200 ? "OK" : "Whatever"}`,
        ...request.all("Via").map((value) => `Via: ${value}`),
        ...request.all("Record-Route").map((value) => `Record-Route: ${value}`),
        `From: ${request.get("From")}`,
        `To: ${to.includes(";tag=") || status === 100 ? to : `${to};tag=${tag}`}`,
        `Call-ID: ${request.get("Call-ID")}`,
        `CSeq: ${request.get("CSeq")}`,
        `Contact: <${contactUri(endpoint, "phone")}>`,
      ],
      body,
    ),
  );
}

/** The phone hangs up: BYE by what the INVITE said. */
export function phoneBye(endpoint: RawEndpoint, invite: RawMessage, tag: string): void {
  endpoint.send(
    text([
      `BYE ${/<([^>]*)>/.exec(invite.get("Contact"))?.[1] ?? ""} SIP/2.0`,
      via(endpoint),
      "Max-Forwards: 70",
      ...invite.all("Record-Route").map((route) => `Route: ${route}`),
      `From: ${invite.get("To")};tag=${tag}`,
      `To: ${invite.get("From")}`,
      `Call-ID: ${invite.get("Call-ID")}`,
      "CSeq: 1 BYE",
    ]),
  );
}
