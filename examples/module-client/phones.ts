import { randomUUID } from "node:crypto";
import type { AppHost, LinkMessage } from "ringtrue";
import { iphone } from "./iphone.ts";
import type { Account, Identity, Signalling, SignallingEvents } from "./signalling.ts";

/** Opens the SIP side of one process. */
export type OpenSignalling = (host: AppHost, identity: Identity, events: SignallingEvents) => Signalling;

/** Hosts the app on any number of simulated iPhones. */
export function phones(host: AppHost, transports: readonly string[], openSignalling: OpenSignalling): void {
  const running = new Map<string, ReturnType<typeof iphone>>();
  const instances = new Map<string, string>();
  const asked = new Map<string | number, (reply: LinkMessage) => void>();
  let lastId = 0;

  function ask(device: string, method: string, params: object, replied: (reply: LinkMessage) => void = () => {}): void {
    lastId += 1;
    asked.set(lastId, replied);
    host.link.send({ jsonrpc: "2.0", id: lastId, method, params: { device, ...params } });
  }

  function launch(device: string, params: Readonly<Record<string, unknown>>): void {
    const instance = instances.get(device) ?? `urn:uuid:${randomUUID()}`;
    instances.set(device, instance);
    const push = params["push"] as Identity["push"];
    const process = iphone(
      {
        clock: host.clock,
        ask: (method, asks, replied) =>
          ask(device, method, asks, (reply) => {
            if (running.get(device) === process) replied?.(reply);
          }),
        tell: (method, told) => host.link.send({ jsonrpc: "2.0", method, params: { device, ...told } }),
        signalling: (account, events) => openSignalling(host, { account, push, instance }, events),
      },
      params["account"] as Account | null,
    );
    running.set(device, process);
  }

  function handle(method: string, params: Readonly<Record<string, unknown>>): object | undefined {
    const device = String(params["device"]);
    const process = running.get(device);
    if (method === "device.launch") launch(device, params);
    else if (process === undefined) return { code: -32_001, message: "The device is not launched." };
    else if (method === "device.terminate") {
      running.delete(device);
      process.close();
    } else if (method === "account.changed") {
      process.changeAccount(params["account"] as Account | null);
    } else process.handle(method, params);
    return undefined;
  }

  host.link.onMessage(({ id, method, params = {}, ...reply }) => {
    if (method === undefined) {
      asked.get(id!)?.(reply);
      asked.delete(id!);
    } else if (method === "initialize") {
      const result = {
        protocol: "ringtrue.device/1",
        app: { name: "Module client", version: "1" },
        platforms: ["ios"],
        transports,
      };
      host.link.send({ jsonrpc: "2.0", id, result });
    } else if (!/^(device|network|account|pushRegistry|provider)\./.test(method)) {
      host.link.send({ jsonrpc: "2.0", id, error: { code: -32_601, message: `There is no method ${method}.` } });
    } else {
      const error = handle(method, params);
      host.link.send({ jsonrpc: "2.0", id, ...(error === undefined ? { result: {} } : { error }) });
    }
  });
}
