#!/usr/bin/env node
import { parseArgs } from "node:util";
import { startB2bua } from "./b2bua.ts";
import { type Fault, faults, findFault, type ServerName } from "./faults.ts";
import { startHoldingProxy } from "./holding-proxy.ts";
import { startHostile, hostileWays, type HostileWay } from "./hostile.ts";
import { type LazyName, lazyNames, startLazy } from "./lazy.ts";
import { startParallelProxy } from "./parallel-proxy.ts";
import type { RunningServer, ServerOptions } from "./server-options.ts";
import { settingsFrom } from "./settings.ts";

const servers: Readonly<Record<ServerName, (options: ServerOptions) => Promise<RunningServer>>> = {
  "holding-proxy": startHoldingProxy,
  "parallel-proxy": startParallelProxy,
  b2bua: startB2bua,
};
const USAGE = `usage: main.js <${[...Object.keys(servers), ...lazyNames, "hostile"].join("|")}> [--fault NAME] [--listen 127.0.0.1:PORT] [--hold-ms 3000] [--how ${hostileWays.join("|")}] [--list-faults]`;
const PARENT_POLL_MS = 2000;

function start(): Promise<RunningServer> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      fault: { type: "string" },
      listen: { type: "string", default: "127.0.0.1:0" },
      "hold-ms": { type: "string", default: "3000" },
      how: { type: "string", default: "garbage" },
      "list-faults": { type: "boolean", default: false },
    },
  });
  if (values["list-faults"]) {
    console.log(JSON.stringify(faults));
    process.exit(0);
  }
  const [name = "", ...rest] = positionals;
  if (rest.length > 0) throw new Error(`one program at a time: ${positionals.join(" ")}`);
  const listen = addressOf(values.listen);
  if (isLazy(name)) return startLazy(name, listen);
  if (name === "hostile") {
    if (!isHostileWay(values.how)) throw new Error(`unknown way to be hostile: ${values.how}`);
    return startHostile(values.how, listen, process.env["RINGTRUE_APNS_URL"]);
  }
  if (!isServer(name)) throw new Error(name === "" ? "no program named" : `unknown program: ${name}`);
  const holdMs = Number(values["hold-ms"]);
  if (!Number.isInteger(holdMs) || holdMs <= 0)
    throw new Error(`--hold-ms is no positive whole number: ${values["hold-ms"]}`);
  return servers[name]({
    ...settingsFrom(process.env),
    listen,
    holdMs,
    fault: faultOf(values.fault, name),
    crash: () => process.exit(70),
  });
}

function addressOf(text: string): { readonly host: string; readonly port: number } {
  const found = /^([^:]+):(\d{1,5})$/.exec(text);
  if (found === null) throw new Error(`--listen is no HOST:PORT: ${text}`);
  return { host: found[1] ?? "", port: Number(found[2]) };
}

function faultOf(name: string | undefined, server: ServerName): Fault {
  if (name === undefined || name === "") return "none";
  const fault = findFault(name, server);
  if (fault === undefined) throw new Error(`${server} has no fault named ${name}`);
  return fault;
}

function isServer(name: string): name is ServerName {
  return Object.hasOwn(servers, name);
}

function isLazy(name: string): name is LazyName {
  return lazyNames.some((one) => one === name);
}

function isHostileWay(way: string): way is HostileWay {
  return hostileWays.some((one) => one === way);
}

/** Nobody is left to end this program by a signal when its parent is gone. */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, PARENT_POLL_MS).unref();
}

for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(0));
endWithParent();
try {
  const server = await start();
  console.log(`listening on ${server.host}:${server.port}`);
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exit(2);
}
