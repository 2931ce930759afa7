#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { appAdapter, type AppAdapter } from "./adapter.ts";
import type { TelecomStyle } from "./client-options.ts";
import { clientFaults, type ClientFault, findClientFault } from "./faults.ts";
import { lazyAdapter } from "./lazy-adapter.ts";
import { readLines } from "./read-lines.ts";

const USAGE =
  "usage: main.js <connected|at-once|agrees|refuses> [--invite-wait-ms 20000] [--telecom self-managed|core|none] [--fault NAME] [--list-faults]";
const PARENT_POLL_MS = 2000;

function open(send: (text: string) => void): AppAdapter {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      "invite-wait-ms": { type: "string", default: "20000" },
      telecom: { type: "string", default: "self-managed" },
      fault: { type: "string" },
      "list-faults": { type: "boolean", default: false },
    },
  });
  if (values["list-faults"]) {
    process.stdout.write(`${JSON.stringify(clientFaults)}\n`);
    process.exit(0);
  }
  const [name = "", ...rest] = positionals;
  if (rest.length > 0) throw new Error(`one program at a time: ${positionals.join(" ")}`);
  if (name === "agrees" || name === "refuses") return lazyAdapter(name, send);
  if (name !== "connected" && name !== "at-once")
    throw new Error(name === "" ? "no program named" : `unknown program: ${name}`);
  const inviteWaitMs = Number(values["invite-wait-ms"]);
  if (!Number.isInteger(inviteWaitMs) || inviteWaitMs <= 0)
    throw new Error(`--invite-wait-ms is no positive whole number: ${values["invite-wait-ms"]}`);
  const caFile = process.env["RINGTRUE_TLS_CA_FILE"] ?? "";
  return appAdapter(
    {
      answerFulfil: name,
      telecom: telecomOf(values.telecom),
      inviteWaitMs,
      fault: faultOf(values.fault),
      ca: caFile === "" ? undefined : readFileSync(caFile, "utf8"),
    },
    send,
  );
}

function telecomOf(name: string): TelecomStyle {
  if (name === "self-managed" || name === "core" || name === "none") return name;
  throw new Error(`--telecom is none of self-managed, core, none: ${name}`);
}

function faultOf(name: string | undefined): ClientFault {
  if (name === undefined || name === "") return "none";
  const fault = findClientFault(name);
  if (fault === undefined) throw new Error(`the clients have no fault named ${name}`);
  return fault;
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
  const adapter = open((text) => void process.stdout.write(`${text}\n`));
  readLines(process.stdin, adapter.receive, () => {
    adapter.close();
    process.exit(0);
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exit(2);
}
