/** One header field. `name` is the lower-case long form, `spelled` what stands on the wire. */
export interface Header {
  readonly name: string;
  readonly spelled: string;
  readonly value: string;
}

export interface SipRequest {
  readonly kind: "request";
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

export interface SipResponse {
  readonly kind: "response";
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

/**
 * A SIP message. Header text is Latin-1: one character per byte, so that whatever bytes a peer sent leave the server as
 * they came. Via, Route and Record-Route stand one value per header.
 */
export type SipMessage = SipRequest | SipResponse;

export const NO_BODY: Buffer = Buffer.alloc(0);

export function header(name: string, value: string): Header {
  return { name: name.toLowerCase(), spelled: name, value };
}

/** The first value of a header; `name` in lower case. */
export function valueOf(message: SipMessage, name: string): string | undefined {
  return message.headers.find((field) => field.name === name)?.value;
}

/** Every value of a header in message order; `name` in lower case. */
export function valuesOf(message: SipMessage, name: string): readonly string[] {
  return message.headers.filter((field) => field.name === name).map((field) => field.value);
}

/** The message with `fields` in front of all others. */
export function withFirst<M extends SipMessage>(message: M, ...fields: readonly Header[]): M {
  return { ...message, headers: [...fields, ...message.headers] };
}

/** The message with one header set: replaced where it stood, else put last. */
export function withHeader<M extends SipMessage>(message: M, name: string, value: string): M {
  const field = header(name, value);
  const at = message.headers.findIndex((other) => other.name === field.name);
  if (at < 0) return { ...message, headers: [...message.headers, field] };
  return { ...message, headers: message.headers.with(at, { ...field, spelled: message.headers[at]?.spelled ?? name }) };
}

/** The message without any header of that name (lower case). */
export function withoutHeader<M extends SipMessage>(message: M, name: string): M {
  return { ...message, headers: message.headers.filter((field) => field.name !== name) };
}

/** The message without the first header of that name (lower case). */
export function withoutFirst<M extends SipMessage>(message: M, name: string): M {
  const at = message.headers.findIndex((field) => field.name === name);
  return at < 0 ? message : { ...message, headers: message.headers.toSpliced(at, 1) };
}

const REASONS: Readonly<Record<number, string>> = {
  100: "Trying",
  180: "Ringing",
  200: "OK",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  416: "Unsupported URI Scheme",
  420: "Bad Extension",
  423: "Interval Too Brief",
  480: "Temporarily Unavailable",
  481: "Call/Transaction Does Not Exist",
  483: "Too Many Hops",
  486: "Busy Here",
  487: "Request Terminated",
  500: "Server Internal Error",
  503: "Service Unavailable",
  555: "Push Notification Service Not Supported",
};

/**
 * A response as RFC 3261 8.2.6.2 makes it: Via, From, Call-ID and CSeq of the request, To with `toTag` added where the
 * request has none (a 100 gets none).
 */
export function responseTo(
  request: SipRequest,
  status: number,
  more: {
    readonly toTag?: string;
    readonly headers?: readonly Header[];
    readonly body?: Buffer;
    readonly reason?: string;
  } = {},
): SipResponse {
  // A 100 repeats the Timestamp, too (8.2.6.1).
  const names = ["via", "from", "to", "call-id", "cseq", ...(status === 100 ? ["timestamp"] : [])];
  const copied = request.headers.filter((field) => names.includes(field.name));
  const headers = copied.map((field) => {
    if (field.name !== "to" || more.toTag === undefined || status === 100 || /;\s*tag\s*=/i.test(field.value))
      return field;
    return { ...field, value: `${field.value};tag=${more.toTag}` };
  });
  return {
    kind: "response",
    status,
    reason: more.reason ?? REASONS[status] ?? "Unknown",
    headers: [...headers, ...(more.headers ?? [])],
    body: more.body ?? NO_BODY,
  };
}
