import { appAdapter, type AppAdapter } from "./adapter.ts";
import type { TelecomStyle } from "./client-options.ts";
import { findClientFault } from "./faults.ts";
import { openHostedFlow, type FlowHost } from "./hosted-flow.ts";

/** What a module target is given, as far as these clients need it. */
export interface ModuleHost extends FlowHost {
  readonly link: {
    send(message: object): void;
    onMessage(receive: (message: object) => void): void;
  };
}

/**
 * The reference clients as a module: `connected` or `at-once`, by the query of the module's URL (`?client=at-once&invite-wait-ms=20000`,
 * `&telecom=core`, `&fault=NAME`).
 */
export function createApp(host: ModuleHost): Pick<AppAdapter, "close"> {
  const query = new URL(import.meta.url).searchParams;
  const fault = query.get("fault");
  const known = fault === null ? undefined : findClientFault(fault);
  if (fault !== null && known === undefined) throw new Error(`the clients have no fault named ${fault}`);
  const adapter = appAdapter(
    {
      answerFulfil: query.get("client") === "at-once" ? "at-once" : "connected",
      telecom: (query.get("telecom") ?? "self-managed") as TelecomStyle,
      inviteWaitMs: Number(query.get("invite-wait-ms") ?? 20_000),
      fault: known ?? "none",
      ca: undefined,
      openFlow: (registrar, handlers) => openHostedFlow(host, registrar, handlers),
    },
    (text) => host.link.send(JSON.parse(text) as object),
  );
  host.link.onMessage((message) => adapter.receive(JSON.stringify(message)));
  return adapter;
}
