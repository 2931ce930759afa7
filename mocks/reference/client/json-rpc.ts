/** What a request of RingTrue's is answered with. */
export type Answer = { readonly result: object } | { readonly error: RpcError };

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** What came of a request of ours. */
export type Reply = { readonly kind: "result" } | { readonly kind: "error"; readonly error: RpcError };

export type Params = Readonly<Record<string, unknown>>;

/** Codes of JSON-RPC 2.0 section 5.1, and of the device link from `notLaunched` on. */
export const codes = {
  methodNotFound: -32601,
  invalidParams: -32602,
  notLaunched: -32001,
  notSupported: -32003,
} as const;

/** Answered with `{}`. */
export const DONE: Answer = { result: {} };

export function refused(code: number, message: string): Answer {
  return { error: { code, message } };
}

/** The other end of the device link, as the app has it. */
export interface RpcLink {
  /** Asks RingTrue; `onReply` is called once, in the order in which replies come. */
  request(method: string, params: Params, onReply?: (reply: Reply) => void): void;
  notify(method: string, params: Params): void;
  /** One message of RingTrue's. */
  receive(text: string): void;
}

/**
 * JSON-RPC 2.0 over whatever carries texts. `handle` is given every request and answers it once, now or later; notifications are
 * unknown to the contract in that direction and are dropped.
 */
export function rpcLink(
  send: (text: string) => void,
  handle: (method: string, params: Params, answer: (answer: Answer) => void) => void,
): RpcLink {
  const open = new Map<number, (reply: Reply) => void>();
  let lastId = 0;
  const write = (message: object): void => send(JSON.stringify({ jsonrpc: "2.0", ...message }));

  return {
    request(method, params, onReply = () => {}) {
      lastId += 1;
      open.set(lastId, onReply);
      write({ id: lastId, method, params });
    },
    notify: (method, params) => write({ method, params }),
    receive(text) {
      const message = parsed(text);
      if (message === undefined) return;
      const { id, method } = message;
      if (typeof method === "string") {
        if (id === undefined) return;
        handle(method, recordOf(message["params"]), (answer) => write({ id, ...answer }));
        return;
      }
      const settle = typeof id === "number" ? open.get(id) : undefined;
      if (settle === undefined || typeof id !== "number") return;
      open.delete(id);
      const { error } = message;
      settle(error === undefined ? { kind: "result" } : { kind: "error", error: error as RpcError });
    },
  };
}

/** The value as an object; empty when it is none. */
export function recordOf(value: unknown): Params {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Params) : {};
}

function parsed(
  text: string,
): (Params & { readonly id?: unknown; readonly method?: unknown; readonly error?: unknown }) | undefined {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}
