import type { AppAdapter } from "./adapter.ts";
import { type Answer, codes, DONE, refused, rpcLink } from "./json-rpc.ts";
import { platformOfMethod } from "./methods.ts";

export const lazyClientNames = ["agrees", "refuses"] as const;
export type LazyClientName = (typeof lazyClientNames)[number];

/**
 * Clients that must earn no pass: `agrees` says yes to every method there is and does nothing; `refuses` launches and answers all
 * else with an error. Both refuse a method that does not exist, else nobody would drive them.
 */
export function lazyAdapter(name: LazyClientName, send: (text: string) => void): AppAdapter {
  const link = rpcLink(send, (method, _params, answer) => answer(said(name, method)));
  return { receive: (text) => link.receive(text), close: () => {} };
}

function said(name: LazyClientName, method: string): Answer {
  if (method === "initialize")
    return {
      result: {
        protocol: "ringtrue.device/1",
        app: { name: `RingTrue lazy client (${name})`, version: "1" },
        platforms: ["ios", "android"],
        transports: ["udp", "tcp", "tls", "ws"],
        telecom: "self-managed",
      },
    };
  if (platformOfMethod(method) === undefined) return refused(codes.methodNotFound, `There is no method ${method}.`);
  if (name === "agrees" || method === "device.launch" || method === "device.terminate") return DONE;
  return refused(codes.notSupported, "This app refuses everything.");
}
