/** One side of a message: `uri` goes between angle brackets. */
export interface TestParty {
  readonly uri: string;
  readonly name?: string;
  readonly tag?: string;
}

export interface TestRequest {
  readonly method: string;
  readonly uri: string;
  readonly callId: string;
  readonly from: TestParty;
  readonly to: TestParty;
  readonly cseq: number;
  /** Via values, topmost first. */
  readonly vias: readonly string[];
  readonly contact?: string;
  readonly maxForwards?: number;
  readonly headers?: readonly string[];
  readonly body?: string;
}

export interface TestResponse {
  /** Set in To unless the request had one. */
  readonly toTag?: string;
  readonly contact?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

const reasons: Readonly<Record<number, string>> = {
  100: "Trying",
  180: "Ringing",
  183: "Session Progress",
  200: "OK",
  404: "Not Found",
  408: "Request Timeout",
  480: "Temporarily Unavailable",
  481: "Call/Transaction Does Not Exist",
  486: "Busy Here",
  487: "Request Terminated",
  500: "Server Internal Error",
  503: "Service Unavailable",
  603: "Decline",
};

const session = (media: readonly string[]): string =>
  [
    "v=0",
    "o=- 1 1 IN IP4 127.0.0.1",
    "s=-",
    "c=IN IP4 127.0.0.1",
    "t=0 0",
    ...media.flatMap((kind, index) => [`m=${kind} ${41_000 + 2 * index} RTP/AVP 0`]),
    "",
  ].join("\r\n");

/** SDP bodies of test messages. */
export const testSdp = { audio: session(["audio"]), video: session(["audio", "video"]) };

/** A Via value as tests write it. */
export function via(transport: string, sentBy: string, branch: string): string {
  return `SIP/2.0/${transport.toUpperCase()} ${sentBy};branch=${branch}`;
}

function party(side: TestParty): string {
  const name = side.name === undefined ? "" : `"${side.name.replace(/["\\]/gu, "\\$&")}" `;
  return `${name}<${side.uri}>${side.tag === undefined ? "" : `;tag=${side.tag}`}`;
}

function assemble(startLine: string, headers: readonly string[], body: string): string {
  const type = body === "" ? [] : ["Content-Type: application/sdp"];
  const length = `Content-Length: ${new TextEncoder().encode(body).length}`;
  return [startLine, ...headers, ...type, length, "", body].join("\r\n");
}

/** Any request. */
export function requestText(request: TestRequest): string {
  return assemble(
    `${request.method} ${request.uri} SIP/2.0`,
    [
      ...request.vias.map((value) => `Via: ${value}`),
      `Max-Forwards: ${request.maxForwards ?? 70}`,
      `From: ${party(request.from)}`,
      `To: ${party(request.to)}`,
      `Call-ID: ${request.callId}`,
      `CSeq: ${request.cseq} ${request.method}`,
      ...(request.contact === undefined ? [] : [`Contact: ${request.contact}`]),
      ...(request.headers ?? []),
    ],
    request.body ?? "",
  );
}

/** The header lines of a test message whose names are given (as `requestText` spells them), in message order. */
function linesOf(text: string, names: readonly string[]): readonly string[] {
  const head = text.slice(0, text.indexOf("\r\n\r\n")).split("\r\n").slice(1);
  return head.filter((line) => names.some((name) => line.startsWith(`${name}: `)));
}

/** The value of a header of a test message; for building the messages that answer or follow it. */
export function testHeader(text: string, name: string): string {
  const line = linesOf(text, [name])[0];
  return line === undefined ? "" : line.slice(name.length + 2);
}

/** The response to a request made by `requestText` (RFC 3261, 8.2.6.2: Via, From, Call-ID, CSeq copied, To tagged). */
export function responseText(request: string, status: number, response: TestResponse = {}): string {
  const to = testHeader(request, "To");
  const tagged = response.toTag === undefined || /;tag=/u.test(to) ? to : `${to};tag=${response.toTag}`;
  return assemble(
    `SIP/2.0 ${status} ${reasons[status] ?? "Reason"}`,
    [
      ...linesOf(request, ["Via", "Record-Route"]),
      ...linesOf(request, ["From"]),
      `To: ${tagged}`,
      ...linesOf(request, ["Call-ID", "CSeq"]),
      ...(response.contact === undefined ? [] : [`Contact: ${response.contact}`]),
      ...(response.headers ?? []),
    ],
    response.body ?? "",
  );
}

/** Same Request-URI, top Via, From, To, Call-ID and CSeq number as the INVITE (RFC 3261, 9.1). */
export function cancelText(invite: string): string {
  return likeInvite(invite, "CANCEL", testHeader(invite, "To"));
}

/** ACK of a final response >= 300: on the INVITE's branch, with the response's To (RFC 3261, 17.1.1.3). */
export function ackOfRejectionText(invite: string, response: string): string {
  return likeInvite(invite, "ACK", testHeader(response, "To"));
}

function likeInvite(invite: string, method: string, to: string): string {
  const uri = invite.split(" ")[1] ?? "";
  return assemble(
    `${method} ${uri} SIP/2.0`,
    [
      ...linesOf(invite, ["Via"]).slice(0, 1),
      "Max-Forwards: 70",
      ...linesOf(invite, ["From"]),
      `To: ${to}`,
      ...linesOf(invite, ["Call-ID"]),
      `CSeq: ${testHeader(invite, "CSeq").split(" ")[0]} ${method}`,
    ],
    "",
  );
}

/** A request within the dialog that `response` set up: from the caller's side, or (`reversed`) from the callee's. */
export function inDialogText(
  response: string,
  request: {
    readonly method: string;
    readonly uri: string;
    readonly cseq: number;
    readonly vias: readonly string[];
    readonly reversed?: boolean;
  },
): string {
  const sides = [testHeader(response, "From"), testHeader(response, "To")];
  const [from, to] = request.reversed === true ? sides.toReversed() : sides;
  return assemble(
    `${request.method} ${request.uri} SIP/2.0`,
    [
      ...request.vias.map((value) => `Via: ${value}`),
      "Max-Forwards: 70",
      `From: ${from}`,
      `To: ${to}`,
      ...linesOf(response, ["Call-ID"]),
      `CSeq: ${request.cseq} ${request.method}`,
    ],
    "",
  );
}
