import { excerptOf, type LinkProblem } from "./link-problem.ts";

/** Numbers or strings; JSON-RPC 2.0 section 4 allows null too, but discourages it. */
export type RpcId = string | number;

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** A message of JSON-RPC 2.0 (https://www.jsonrpc.org/specification sections 4 and 5), told apart by its members. */
export type RpcMessage =
  | { readonly kind: "request"; readonly id: RpcId; readonly method: string; readonly params: unknown }
  | { readonly kind: "notification"; readonly method: string; readonly params: unknown }
  | { readonly kind: "result"; readonly id: RpcId; readonly result: unknown }
  | { readonly kind: "error"; readonly id: RpcId | null; readonly error: RpcError };

/** Text that is no message; `id` is that of a request that went wrong, which can be answered with `invalidRequest`. */
export interface RpcGarbage {
  readonly kind: "garbage";
  readonly problem: LinkProblem;
  readonly id?: RpcId;
}

/** Error codes: JSON-RPC 2.0 section 5.1, and DEVICE-LINK section 1 from `deviceNotLaunched` on. */
export const rpcCodes = {
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  deviceNotLaunched: -32001,
  tooManyDevices: -32002,
  notSupported: -32003,
  /** CallKit and Telecom refusals, judged by `data.code`. */
  refusedBySystem: 1,
} as const;

/** Reads one message. Members it does not know are ignored. Never throws. */
export function parseRpcMessage(text: string): RpcMessage | RpcGarbage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: "garbage", problem: { kind: "not-json", excerpt: excerptOf(text) } };
  }
  const garbage = (why: string, id?: RpcId): RpcGarbage => ({
    kind: "garbage",
    problem: { kind: "not-a-message", excerpt: excerptOf(text), why },
    ...(id === undefined ? {} : { id }),
  });
  if (Array.isArray(value)) return garbage("the device link has no batches");
  if (!isObject(value)) return garbage("a message is an object");
  const { id, method, params, result, error } = value;
  const isResponse = "result" in value || "error" in value;
  // What is answered at all must be a request: answers to answers never end.
  const requestId = !isResponse && isId(id) ? id : undefined;
  if (value["jsonrpc"] !== "2.0") return garbage('its "jsonrpc" is not "2.0"', requestId);
  if (isResponse) {
    if ("method" in value) return garbage("it is both a request and a response");
    if ("result" in value && "error" in value) return garbage("it has both a result and an error");
    if ("result" in value) return isId(id) ? { kind: "result", id, result } : garbage("its id is no number or string");
    if (id !== null && !isId(id)) return garbage("its id is no number or string");
    const read = readError(error);
    return read === undefined
      ? garbage("its error has no integer code or no message")
      : { kind: "error", id, error: read };
  }
  if (typeof method !== "string") return garbage("it has no method", requestId);
  if (!("id" in value)) return { kind: "notification", method, params };
  return isId(id) ? { kind: "request", id, method, params } : garbage("its id is no number or string");
}

/** The message as one line of JSON. Throws what `JSON.stringify` throws: `params` and results must be plain and not too deep. */
export function formatRpcMessage(message: RpcMessage): string {
  return JSON.stringify(membersOf(message));
}

function membersOf(message: RpcMessage): object {
  const jsonrpc = "2.0";
  switch (message.kind) {
    case "request":
      return { jsonrpc, id: message.id, method: message.method, params: message.params };
    case "notification":
      return { jsonrpc, method: message.method, params: message.params };
    case "result":
      return { jsonrpc, id: message.id, result: message.result };
    case "error":
      return { jsonrpc, id: message.id, error: message.error };
  }
}

function readError(error: unknown): RpcError | undefined {
  if (!isObject(error)) return undefined;
  const { code, message, data } = error;
  if (!Number.isInteger(code) || typeof code !== "number" || typeof message !== "string") return undefined;
  return { code, message, ...(data === undefined ? {} : { data }) };
}

function isId(id: unknown): id is RpcId {
  return typeof id === "string" || typeof id === "number";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
