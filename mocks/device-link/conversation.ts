import type { Clock } from "../../harness/clock/clock.ts";
import type { Platform } from "../../harness/trace/trace-event.ts";
import type { LineControl } from "./device-line.ts";
import { rpcCodes, type RpcError } from "./json-rpc.ts";
import { rpcPeer, type Crossing, type RpcAnswer, type RpcPeer } from "./json-rpc-peer.ts";
import { describeLinkEnd, type Link, type LinkEnd } from "./link.ts";
import { excerptOf, type LinkProblem } from "./link-problem.ts";
import { messageDefinition, type AppNotification, type AppRequest } from "./messages.ts";
import { whyInvalid } from "./why-invalid.ts";

export interface ConversationOptions {
  readonly link: Link;
  readonly clock: Clock;
  /** Who plays the operating system of a device; undefined for one that is nobody's. */
  readonly lineOf: (device: string) => LineControl | undefined;
  /** Everything the adapter does against the contract, when it is seen. */
  readonly onProblem: (problem: LinkProblem) => void;
  /** Every message, for records. */
  readonly onCrossing?: (crossing: Crossing) => void;
}

/** A link that is being read. */
export interface Conversation {
  readonly peer: RpcPeer;
  /** The link is over and every open request is settled. */
  readonly ended: Promise<LinkEnd>;
}

/** What an app said, after it was held against the method's schema and its device. */
type Heard =
  | { readonly kind: "refused"; readonly error: RpcError }
  | { readonly kind: "request"; readonly line: LineControl; readonly request: AppRequest }
  | { readonly kind: "told"; readonly line: LineControl; readonly notification: AppNotification }
  | { readonly kind: "died"; readonly line: LineControl; readonly why: string };

/** Begins to read a link: every message of the app's goes to the device it names, or is refused as the contract says. */
export function converse({ link, clock, lineOf, onProblem, onCrossing }: ConversationOptions): Conversation {
  const hear = (method: string, params: unknown): Heard => heard(method, params, lineOf, onProblem);
  const peer = rpcPeer({
    send: (text) => link.send(text),
    clock,
    answer(method, params): RpcAnswer {
      const said = hear(method, params);
      if (said.kind === "refused") return { error: said.error };
      if (said.kind === "request") return said.line.system.answer(said.request);
      onProblem({ kind: "wrong-kind", method, expected: "notification" });
      tell(said);
      return { result: {} };
    },
    notified(method, params) {
      const said = hear(method, params);
      if (said.kind === "request") onProblem({ kind: "wrong-kind", method, expected: "request" });
      else if (said.kind !== "refused") tell(said);
    },
    onProblem,
    ...(onCrossing === undefined ? {} : { onCrossing }),
  });
  link.onMessage({ message: (text) => peer.receive(text), problem: onProblem });
  return {
    peer,
    ended: link.closed.then((end) => {
      peer.end(describeLinkEnd(end));
      return end;
    }),
  };
}

function tell(said: Heard & { readonly kind: "told" | "died" }): void {
  if (said.kind === "died") said.line.die(said.why);
  else said.line.system.notified(said.notification);
}

function heard(
  method: string,
  raw: unknown,
  lineOf: ConversationOptions["lineOf"],
  onProblem: (problem: LinkProblem) => void,
): Heard {
  const refused = (problem: LinkProblem, code: number, message: string): Heard => {
    onProblem(problem);
    return { kind: "refused", error: { code, message } };
  };
  const definition = messageDefinition(method);
  if (definition?.from !== "app")
    return refused(
      { kind: "unknown-method", method: excerptOf(method) },
      rpcCodes.methodNotFound,
      "No method of the device link.",
    );
  const read = definition.params.safeParse(raw);
  if (!read.success) {
    const why = whyInvalid(read.error, "params");
    const device = deviceIn(raw);
    return refused(
      { kind: "bad-params", method, why, ...(device === "" ? {} : { device: excerptOf(device) }) },
      rpcCodes.invalidParams,
      why,
    );
  }
  const device = deviceIn(read.data);
  const line = lineOf(device);
  if (line?.isLaunched() !== true)
    return refused(
      { kind: "device-not-launched", method, device: excerptOf(device) },
      rpcCodes.deviceNotLaunched,
      "The device is not launched.",
    );
  if (!isOf(line.platform, definition.platform))
    return refused(
      { kind: "wrong-platform", method, device },
      rpcCodes.notSupported,
      `A device of ${line.platform} has no such method.`,
    );
  if (method === "device.died") return { kind: "died", line, why: String(read.data["message"]) };
  // The schema of the method has just said so.
  const message = { method, params: read.data } as unknown;
  return definition.kind === "request"
    ? { kind: "request", line, request: message as AppRequest }
    : { kind: "told", line, notification: message as AppNotification };
}

function deviceIn(params: unknown): string {
  if (typeof params !== "object" || params === null || !("device" in params)) return "";
  return typeof params.device === "string" ? params.device : "";
}

function isOf(platform: Platform, only: Platform | undefined): boolean {
  return only === undefined || only === platform;
}
