import type { OpenRequest, RpcPeer, RpcReply } from "./json-rpc-peer.ts";
import type { LinkProblem } from "./link-problem.ts";
import { messages, type HarnessRequests } from "./messages.ts";
import { whyInvalid } from "./why-invalid.ts";

/** What came of a request to an app; every request gets exactly one. */
export type AppReply<M extends keyof HarnessRequests> =
  | RpcReply<HarnessRequests[M]["result"]>
  /** It was answered, with something the method does not give; also a problem of the link. */
  | { readonly kind: "bad-result"; readonly why: string };

/** Sends a request whose result is held against its schema; see `RpcPeer.request`. */
export function askApp<M extends keyof HarnessRequests>(
  peer: RpcPeer,
  method: M,
  params: HarnessRequests[M]["params"],
  timeoutMs: number,
  onProblem: (problem: LinkProblem) => void,
  onReply: (reply: AppReply<M>) => void,
): OpenRequest {
  return peer.request(method, params, timeoutMs, (reply) => {
    if (reply.kind !== "result") return onReply(reply);
    const read = messages[method].result.safeParse(reply.result);
    // The schema of the method has just said so.
    if (read.success) return onReply({ kind: "result", result: read.data as HarnessRequests[M]["result"] });
    const why = whyInvalid(read.error, "result");
    const device = "device" in params ? { device: params.device } : {};
    onProblem({ kind: "bad-result", method, why, ...device });
    onReply({ kind: "bad-result", why });
  });
}

/** What came of a request, as one sentence about the app. */
export function describeReply(reply: AppReply<keyof HarnessRequests>): string {
  switch (reply.kind) {
    case "result":
      return "It was done.";
    case "error":
      return `It was refused with ${reply.error.code} (${JSON.stringify(reply.error.message.slice(0, 200))}).`;
    case "timed-out":
      return `It was not answered within ${reply.afterMs} ms.`;
    case "lost":
      return reply.why;
    case "bad-result":
      return `It was answered with something else than its result (${reply.why}).`;
  }
}
