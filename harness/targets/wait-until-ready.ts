import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { linkedAbort } from "../clock/linked-abort.ts";
import type { OutputTail } from "./output-tail.ts";
import { sipProbe } from "./sip-probe.ts";
import { parseSipAddress, parseSocketAddress } from "./socket-address.ts";
import type { Readiness } from "./target-definition.ts";

const ASK_EVERY_MS = 200;
/** Long enough for a slow answer, short enough that a lost datagram is asked again. */
const ONE_TRY_MS = 1000;

/** What is awaited, in words: "an answer to OPTIONS at udp:127.0.0.1:5060". */
export function describeReadiness(ready: Readiness): string {
  if ("sip" in ready) return `an answer to OPTIONS at ${ready.sip}`;
  if ("tcp" in ready) return `a connection to ${ready.tcp}`;
  if ("http" in ready) return `an answer of ${ready.http}`;
  return `a line of output with ${ready.log instanceof RegExp ? String(ready.log) : JSON.stringify(ready.log)}`;
}

/**
 * Resolves to true once it is ready, to false when the signal was aborted first.
 *
 * @throws UsageError when the address in it cannot be read.
 */
export async function waitUntilReady(
  ready: Readiness,
  output: OutputTail | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if ("log" in ready) return await lineSeen(ready.log, output, signal);
  const tryOnce = probeOf(ready);
  while (!signal.aborted) {
    const oneTry = linkedAbort([signal], ONE_TRY_MS);
    const isReady = await tryOnce(oneTry.signal);
    oneTry.release();
    if (isReady) return true;
    await delay(ASK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
  return false;
}

function probeOf(
  ready: Exclude<Readiness, { readonly log: string | RegExp }>,
): (signal: AbortSignal) => Promise<boolean> {
  if ("sip" in ready) {
    const address = parseSipAddress(ready.sip, "target.start.ready.sip");
    return async (signal) => await sipProbe(address, signal);
  }
  if ("tcp" in ready) {
    const { host, port } = parseSocketAddress(ready.tcp, "target.start.ready.tcp");
    return async (signal) => {
      const socket = connect({ host, port });
      try {
        await once(socket, "connect", { signal });
        return true;
      } catch {
        return false;
      } finally {
        socket.on("error", () => {});
        socket.destroy();
      }
    };
  }
  return async (signal) => {
    try {
      const response = await fetch(ready.http, { signal, redirect: "manual" });
      await response.body?.cancel();
      return true;
    } catch {
      return false;
    }
  };
}

async function lineSeen(
  wanted: string | RegExp,
  output: OutputTail | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (output === undefined) return false;
  const matches = (line: string): boolean =>
    typeof wanted === "string"
      ? line.includes(wanted)
      : new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, "")).test(line);
  return await new Promise((resolve) => {
    const finish = (seen: boolean): void => {
      stopListening?.();
      signal.removeEventListener("abort", onAbort);
      resolve(seen);
    };
    const onAbort = (): void => finish(false);
    let stopListening: (() => void) | undefined;
    signal.addEventListener("abort", onAbort, { once: true });
    stopListening = output.onLine((line) => {
      if (matches(line)) finish(true);
    });
    if (signal.aborted) finish(false);
  });
}
