import { randomInt } from "node:crypto";

/** Below the range operating systems take ephemeral ports from, so that nobody is given one of these by chance. */
const FIRST = 10_000;
const LAST = 31_999;

let next = randomInt(FIRST, LAST + 1);

/**
 * The local port for one more socket of a phone or caller. Each comes once, until all had their turn: a target may still send to
 * the address of a phone that closed its socket, and nobody else must then be found there.
 */
export function nextLocalPort(): number {
  const port = next;
  next = next === LAST ? FIRST : next + 1;
  return port;
}

/** How many ports are tried before it is not the ports' fault. */
export const PORT_TRIES = 50;

/** Whether the operating system refused just this port. */
export function isPortTaken(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return code === "EADDRINUSE" || code === "EACCES" || code === "EADDRNOTAVAIL";
}
