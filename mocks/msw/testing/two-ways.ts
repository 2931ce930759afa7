import { connect, type ClientHttp2Session } from "node:http2";
import type { LoggedPush } from "../../standalone/logged-push.ts";

/** A request that goes over a socket to the one mock, and by `fetch` to the other. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a client sees of an answer. */
export interface SeenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const COMPARED = ["content-type", "www-authenticate", "retry-after", "apns-id", "apns-unique-id"] as const;

/** Sends over HTTP/2, on one connection. */
export function socketSender({ url, caPem }: { readonly url: string; readonly caPem: string }): {
  send(request: SentRequest): Promise<SeenAnswer>;
  close(): void;
} {
  const session: ClientHttp2Session = connect(url, { ca: caPem });
  return {
    send: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        const stream = session.request({ ":method": method, ":path": path, ...headers });
        let [status, text] = [0, ""];
        const seen: Record<string, string> = {};
        stream.on("response", (fields) => {
          status = fields[":status"] ?? 0;
          for (const name of COMPARED) if (fields[name] !== undefined) seen[name] = String(fields[name]);
        });
        stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        stream.once("error", reject).once("end", () => resolve({ status, headers: seen, body: text }));
        stream.end(body);
      }),
    close: () => session.destroy(),
  };
}

export async function sendByFetch(origin: string, { method, path, headers, body }: SentRequest): Promise<SeenAnswer> {
  const response = await fetch(`${origin}${path}`, { method, headers, body });
  const seen: Record<string, string> = {};
  for (const name of COMPARED) {
    const value = response.headers.get(name);
    if (value !== null) seen[name] = value;
  }
  return { status: response.status, headers: seen, body: await response.text() };
}

/** What a mock logged of its newest push, without what differs from push to push, its moment among it. */
export function newestOf({ pushes }: { readonly pushes: readonly LoggedPush[] }): object | undefined {
  const push = pushes.at(-1);
  if (push === undefined) return undefined;
  const { number: _number, receivedAtMs: _at, connection: _connection, headers: _headers, id: _id, ...rest } = push;
  const { expiresAtMs: _expires, ...delivery } = push.delivery ?? {};
  const findings = push.findings.map((finding) => ({
    ...finding,
    actual: finding.actual.replace(/\d+ s/g, "so many s"),
  }));
  return { ...rest, findings, delivery };
}
