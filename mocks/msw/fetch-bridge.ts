import { http, HttpResponse, type HttpHandler } from "msw";
import type { Clock } from "../../harness/clock/clock.ts";
import type { HttpAnswer, HttpConnection, HttpOutcome, HttpRequest } from "../http/http-exchange.ts";

/** A push service without its listener: what answers its requests. */
export interface Serving {
  answer(request: HttpRequest, signal: AbortSignal): HttpAnswer | Promise<HttpAnswer>;
  /** Told once for each answer, before the client has it. */
  answered(request: HttpRequest, outcome: HttpOutcome): void;
}

/** Carries intercepted requests to push services and their answers back. */
export interface FetchBridge {
  /** Answers the requests whose URL fits, of any method. */
  handler(url: RegExp, serving: Serving): HttpHandler;
  /** Ends what is held back; every request from then on fails, as if nobody were there. */
  close(): void;
}

/** The simulated services over sockets read no more of a body either. */
const BODY_BYTES = 65_536;
/** Fetch, Response constructor: a body is not allowed with these. */
const NULL_BODY_STATUSES: ReadonlySet<number> = new Set([204, 205, 304]);

/** Of an intercepted request: it never came near a connection. */
export const NO_CONNECTION: HttpConnection = {
  id: "msw",
  protocol: "http/1.1",
  remote: "",
  tlsVersion: "",
  openedAtMs: 0,
  allowStreams: () => {},
  goAway: () => {},
  destroy: () => {},
};

export function fetchBridge(clock: Clock): FetchBridge {
  const underWay = new Set<AbortController>();
  let isClosed = false;

  async function respond(request: Request, serving: Serving): Promise<Response> {
    const abandoned = new AbortController();
    const abandon = (): void => abandoned.abort();
    request.signal.addEventListener("abort", abandon, { once: true });
    underWay.add(abandoned);
    try {
      const received = await readRequest(request, clock);
      if (isClosed) return HttpResponse.error();
      const answer = await serving.answer(received, abandoned.signal);
      serving.answered(received, abandoned.signal.aborted ? "abandoned" : "sent");
      return abandoned.signal.aborted ? HttpResponse.error() : responseOf(answer);
    } finally {
      underWay.delete(abandoned);
      request.signal.removeEventListener("abort", abandon);
    }
  }

  return {
    handler: (url, serving) => http.all(url, ({ request }) => respond(request, serving)),
    close() {
      isClosed = true;
      for (const abandoned of underWay) abandoned.abort();
    },
  };
}

async function readRequest(request: Request, clock: Clock): Promise<HttpRequest> {
  const { host, pathname, search } = new URL(request.url);
  const whole = new Uint8Array(await request.arrayBuffer());
  return {
    connection: NO_CONNECTION,
    method: request.method,
    path: pathname + search,
    authority: host,
    headers: [...request.headers],
    body: whole.subarray(0, BODY_BYTES),
    isCut: whole.length > BODY_BYTES,
    receivedAtMs: clock.now(),
    notes: [],
  };
}

function responseOf(answer: HttpAnswer): Response {
  if (answer.kind === "reset") return HttpResponse.error();
  const { status, body } = answer;
  const headers = new Headers();
  for (const [name, value] of answer.headers) headers.append(name, value);
  return new HttpResponse(body === undefined || NULL_BODY_STATUSES.has(status) ? null : body, { status, headers });
}
