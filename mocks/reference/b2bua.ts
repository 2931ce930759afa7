import type { RunningServer, ServerOptions } from "./server-options.ts";

export function startB2bua(_options: ServerOptions): Promise<RunningServer> {
  return Promise.reject(new Error("not there yet"));
}
