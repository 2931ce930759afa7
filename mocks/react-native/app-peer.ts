import { formatRpcMessage, parseRpcMessage, type RpcError, type RpcId } from "../device-link/json-rpc.ts";
import type { AppNotifications, AppRequests } from "../device-link/messages.ts";
import type { OsReply } from "./native/native-side.ts";

/** What an app answers a request of RingTrue's with. */
export type AppAnswer = { readonly result: object } | { readonly error: RpcError };

/** The app's end of the device link. */
export interface AppPeer {
  ask(method: keyof AppRequests, params: unknown, onReply: (reply: OsReply) => void): void;
  tell(method: keyof AppNotifications, params: unknown): void;
  /** One message of RingTrue's. */
  receive(text: string): void;
}

/** `handle` starts for one request after the other, in their order; it may answer later, and must not throw or reject. */
export function appPeer(
  send: (text: string) => void,
  handle: (method: string, params: unknown) => AppAnswer | Promise<AppAnswer>,
): AppPeer {
  const pending = new Map<RpcId, (reply: OsReply) => void>();
  let lastId = 0;

  async function answer(id: RpcId, method: string, params: unknown): Promise<void> {
    const handled = handle(method, params);
    // An answer that is there is sent at once, before anything that comes next.
    const said = handled instanceof Promise ? await handled : handled;
    send(
      "error" in said
        ? formatRpcMessage({ kind: "error", id, error: said.error })
        : formatRpcMessage({ kind: "result", id, result: said.result }),
    );
  }
  function settle(id: RpcId | null, reply: OsReply): void {
    if (id === null) return;
    const onReply = pending.get(id);
    pending.delete(id);
    onReply?.(reply);
  }

  return {
    ask(method, params, onReply) {
      const id = (lastId += 1);
      pending.set(id, onReply);
      send(formatRpcMessage({ kind: "request", id, method, params }));
    },
    tell: (method, params) => send(formatRpcMessage({ kind: "notification", method, params })),
    receive(text) {
      const message = parseRpcMessage(text);
      switch (message.kind) {
        case "request":
          return void answer(message.id, message.method, message.params);
        case "result":
          return settle(message.id, { kind: "result" });
        case "error":
          return settle(message.id, { kind: "error", error: message.error });
        default:
        // RingTrue sends no notifications.
      }
    },
  };
}
