import type { Clock } from "../../harness/clock/clock.ts";
import { formatRpcMessage, parseRpcMessage, rpcCodes, type RpcError, type RpcId, type RpcMessage } from "./json-rpc.ts";
import { excerptOf, type LinkProblem } from "./link-problem.ts";

/** What came of a request of ours; every request gets exactly one. */
export type RpcReply<Result = unknown> =
  | { readonly kind: "result"; readonly result: Result }
  | { readonly kind: "error"; readonly error: RpcError }
  | { readonly kind: "timed-out"; readonly afterMs: number }
  /** No reply will come: the link is over, or the request could not be sent. */
  | { readonly kind: "lost"; readonly why: string };

/** What is said to a request of the other side. */
export type RpcAnswer = { readonly result: unknown } | { readonly error: RpcError };

/** A request of ours under way. */
export interface OpenRequest {
  /** Settles it with this instead; a response that still comes is dropped without a word. */
  withdraw(reply: RpcReply): void;
}

/** A message that crossed the link, for records: what was read before it is handled, what is written as it is handed over. */
export interface Crossing {
  readonly direction: "to-app" | "from-app";
  readonly message: RpcMessage;
}

export interface RpcPeerOptions {
  readonly send: (text: string) => void;
  readonly clock: Clock;
  /** Answers a request of the other side at once. Must not throw. */
  readonly answer: (method: string, params: unknown) => RpcAnswer;
  /** Must not throw. */
  readonly notified: (method: string, params: unknown) => void;
  readonly onProblem: (problem: LinkProblem) => void;
  readonly onCrossing?: (crossing: Crossing) => void;
}

/** Our end of a JSON-RPC conversation in which both sides ask. No method throws. */
export interface RpcPeer {
  /**
   * Asks the other side. `onReply` is called exactly once, and for what comes over the link in the link's own order (a promise
   * would let the next message overtake the reply); a link within this process may bring the reply before this returns. It must
   * not throw.
   */
  request(method: string, params: unknown, timeoutMs: number, onReply: (reply: RpcReply) => void): OpenRequest;
  /** Handles one message of the other side. */
  receive(text: string): void;
  /** The link is over: settles every request, those of the future too. */
  end(why: string): void;
}

/** How many settled requests are remembered, to tell a late response from a repeated one. */
const REMEMBERED = 10_000;

interface Pending {
  readonly method: string;
  readonly settle: (reply: RpcReply) => void;
}

/**
 * Requests are sent in the order they are made, and the reply to a request of the other side always precedes whatever was asked
 * while it was being answered (DEVICE-LINK section 1: every app request is answered at once, never after a request of RingTrue's).
 */
export function rpcPeer({ send, clock, answer, notified, onProblem, onCrossing }: RpcPeerOptions): RpcPeer {
  const pending = new Map<RpcId, Pending>();
  /** Requests that got no response in time, or whose response is of no interest any more. */
  const unanswered = new Map<RpcId, { readonly method: string; readonly isWithdrawn: boolean }>();
  /** Requests made while one of the other side is being answered. */
  let held: RpcMessage[] | undefined;
  let endedWhy: string | undefined;
  let lastId = 0;

  function write(message: RpcMessage, text = formatRpcMessage(message)): void {
    onCrossing?.({ direction: "to-app", message });
    send(text);
  }

  const request: RpcPeer["request"] = (method, params, timeoutMs, onReply) => {
    if (endedWhy !== undefined) {
      const why = endedWhy;
      queueMicrotask(() => onReply({ kind: "lost", why }));
      return { withdraw: () => {} };
    }
    const id = (lastId += 1);
    const cancelTimeout = clock.after(timeoutMs, () => giveUp({ kind: "timed-out", afterMs: timeoutMs }, false));
    const settle = (how: RpcReply): void => {
      cancelTimeout();
      if (pending.delete(id)) onReply(how);
    };
    const giveUp = (how: RpcReply, isWithdrawn: boolean): void => {
      if (!pending.has(id)) return;
      settle(how);
      unanswered.set(id, { method, isWithdrawn });
      const [oldest] = unanswered.keys();
      if (unanswered.size > REMEMBERED && oldest !== undefined) unanswered.delete(oldest);
    };
    pending.set(id, { method, settle });
    const message: RpcMessage = { kind: "request", id, method, params };
    if (held !== undefined) held.push(message);
    else sendRequest(message, settle);
    return { withdraw: (how) => giveUp(how, true) };
  };

  function sendRequest(message: RpcMessage, settle: (reply: RpcReply) => void): void {
    let text: string;
    try {
      text = formatRpcMessage(message);
    } catch {
      // `JSON.stringify` runs out of stack some thousand levels down, which is less than a push payload can have.
      queueMicrotask(() => settle({ kind: "lost", why: "The request is nested too deeply to be written as JSON." }));
      return;
    }
    write(message, text);
  }

  function answerRequest(id: RpcId, method: string, params: unknown): void {
    const waiting: RpcMessage[] = [];
    held = waiting;
    const said = answer(method, params);
    write("error" in said ? { kind: "error", id, error: said.error } : { kind: "result", id, result: said.result });
    held = undefined;
    for (const message of waiting) {
      // One that was withdrawn meanwhile is nobody's any more.
      const one = "id" in message && message.id !== null ? pending.get(message.id) : undefined;
      if (one !== undefined) sendRequest(message, one.settle);
    }
  }

  function takeResponse(id: RpcId | null, reply: RpcReply): void {
    const open = id === null ? undefined : pending.get(id);
    if (open !== undefined) return open.settle(reply);
    const given = id === null ? undefined : unanswered.get(id);
    if (id !== null && given !== undefined) {
      unanswered.delete(id);
      if (!given.isWithdrawn) onProblem({ kind: "late-response", id, method: given.method });
    } else if (typeof id === "number" && Number.isInteger(id) && id >= 1 && id <= lastId) {
      onProblem({ kind: "repeated-response", id });
    } else {
      onProblem({ kind: "unknown-response", id: typeof id === "string" ? excerptOf(id) : id });
    }
  }

  return {
    request,
    receive(text) {
      if (endedWhy !== undefined) return;
      const message = parseRpcMessage(text);
      if (message.kind === "garbage") {
        onProblem(message.problem);
        if (message.id !== undefined)
          write({
            kind: "error",
            id: message.id,
            error: { code: rpcCodes.invalidRequest, message: "Not a request of JSON-RPC 2.0." },
          });
        return;
      }
      onCrossing?.({ direction: "from-app", message });
      switch (message.kind) {
        case "request":
          return answerRequest(message.id, message.method, message.params);
        case "notification":
          return notified(message.method, message.params);
        case "result":
          return takeResponse(message.id, { kind: "result", result: message.result });
        case "error":
          return takeResponse(message.id, { kind: "error", error: message.error });
      }
    },
    end(why) {
      if (endedWhy !== undefined) return;
      endedWhy = why;
      for (const { settle } of pending.values()) settle({ kind: "lost", why });
    },
  };
}
