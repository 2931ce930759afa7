import { HarnessFault } from "../harness/errors.ts";
import { type Figures, type PartContext, ratioOf } from "./figures.ts";
import { ownCallsPerSecond } from "./own-calls.ts";
import { isSippInstalled, sippCallsPerSecond } from "./sipp.ts";

export interface SipFigures extends Figures {
  /** Highest clean rate of SIPp as it comes: `ratio` is to this one. The system's receive buffers overflow before SIPp is busy. */
  readonly sipp: number | null;
  /** The same with receive buffers that hold what comes while it sleeps: what SIPp itself can do, on two cores. */
  readonly sippLargeBuffers: number | null;
  readonly ratioToLargeBuffers: number | null;
}

const BUFFER_BYTES = 2 << 20;

/**
 * Full SIP calls per second: callers and phones of `mocks/sip` on both ends, in this one process, beside SIPp on both ends, in two.
 * Ours are measured before, between and after SIPp's and the best counts, as SIPp's figure is the best of several too.
 * Takes less than a minute.
 */
export async function benchSipCalls({ signal, say, missing }: PartContext): Promise<SipFigures> {
  const own: number[] = [];
  const measureOwn = async (): Promise<void> => {
    const perSecond = await ownCallsPerSecond(signal);
    say(`RingTrue's callers and phones: ${perSecond === undefined ? "lost messages" : `${perSecond} calls/s`}`);
    if (perSecond !== undefined) own.push(perSecond);
  };
  const measureSipp = async (what: string, stepPerS: number, bufferBytes?: number): Promise<number | null> => {
    const buffers = bufferBytes === undefined ? {} : { bufferBytes };
    const highest = await sippCallsPerSecond(stepPerS, { ...buffers, signal, say: (line) => say(`${line}, ${what}`) });
    if (highest > 0) return highest;
    missing(`sip.sipp, ${what}`, `no clean step, not even at ${stepPerS} calls/s`);
    return null;
  };

  const installed = isSippInstalled();
  if (!installed) {
    const why = "SIPp is not installed: there is no command `sipp` (Debian and Ubuntu: apt-get install sip-tester)";
    missing("sip.sipp", why);
    say(why);
  }
  await measureOwn();
  const sipp = installed ? await measureSipp("as it comes", 2000) : null;
  await measureOwn();
  const sippLargeBuffers = installed ? await measureSipp("large buffers", 8000, BUFFER_BYTES) : null;
  await measureOwn();
  if (own.length === 0) throw new HarnessFault("bench-not-clean", "something had to be sent twice in every round");
  const value = Math.max(...own);
  return {
    value,
    unit: "calls/s",
    ratio: ratioOf(value, sipp),
    sipp,
    ratioToLargeBuffers: ratioOf(value, sippLargeBuffers),
    sippLargeBuffers,
  };
}
