import { startProxy } from "./proxy.ts";
import type { RunningServer, ServerOptions } from "./server-options.ts";

/** Sends pushes to sleeping phones and holds the INVITE until a phone registers (RFC 8599 5.6.2). */
export function startHoldingProxy(options: ServerOptions): Promise<RunningServer> {
  return startProxy(options, "hold");
}
