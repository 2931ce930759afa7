import { spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { scratchDirectory } from "../cli/scratch-directory.ts";
import { linkedAbort } from "../harness/clock/linked-abort.ts";
import { HarnessFault } from "../harness/errors.ts";
import { startProgram, type Program } from "../harness/targets/program.ts";

const STEP_S = 2;
/** A step that is not over by then has lost messages and waits for their retransmission. */
const OVERTIME_MS = 1_500;
const READY_MS = 3_000;
/** Of the rate asked for: what SIPp's own rounding takes away. */
const REACHED = 0.95;
const HOST = "127.0.0.1";

export function isSippInstalled(): boolean {
  return spawnSync("sipp", ["-v"], { stdio: "ignore" }).error === undefined;
}

/**
 * The highest clean rate of SIPp's built-in scenarios `uac` against `uas`, two processes over UDP loopback, in calls per second
 * (INVITE 180 200 ACK BYE 200): every call succeeded, nothing was sent twice, and the rate asked for was reached. The rate rises by
 * `stepPerS` until one fails twice; 0 when already the first one does.
 */
export async function sippCallsPerSecond(
  stepPerS: number,
  options: { readonly bufferBytes?: number; readonly signal: AbortSignal; readonly say: (line: string) => void },
): Promise<number> {
  let highest = 0;
  for (let rate = stepPerS; ; rate += stepPerS) {
    const reached = (await cleanRate(rate, options)) ?? (await cleanRate(rate, options));
    options.say(`SIPp at ${rate} calls/s: ${reached === undefined ? "not clean" : "clean"}`);
    if (reached === undefined) return highest;
    highest = reached;
  }
}

/** What was reached when `rate` was asked for; undefined when it was not clean. */
async function cleanRate(
  rate: number,
  { bufferBytes, signal }: { readonly bufferBytes?: number; readonly signal: AbortSignal },
): Promise<number | undefined> {
  const scratch = await scratchDirectory();
  const statistics = join(scratch.path, "uac.csv");
  const port = await freeUdpPort();
  const common = ["-i", HOST, "-ci", HOST, "-mi", HOST, "-nostdin"];
  if (bufferBytes !== undefined) common.push("-buff_size", String(bufferBytes));
  const programs: Program[] = [];
  const start = async (args: readonly string[]): Promise<Program> => {
    const program = await startProgram({
      command: "sipp",
      args: [...args, ...common],
      env: { TERM: "dumb" },
      cwd: scratch.path,
    });
    programs.push(program);
    return program;
  };
  try {
    signal.throwIfAborted();
    await start(["-sn", "uas", "-p", String(port)]);
    if (!(await isListening(port, signal))) return undefined;
    const calls = ["-r", String(rate), "-m", String(rate * STEP_S), "-l", String(rate * STEP_S)];
    const caller = await start([
      "-sn",
      "uac",
      `${HOST}:${port}`,
      ...calls,
      "-trace_stat",
      "-stf",
      statistics,
      "-fd",
      "1",
    ]);
    const exit = await within(caller.ended, STEP_S * 1000 + OVERTIME_MS, signal);
    return exit?.code === 0 ? cleanRateOf(await readFile(statistics, "utf8"), rate) : undefined;
  } finally {
    // Not asked politely: after SIGTERM it would first wait for its calls to be forgotten.
    for (const { pid } of programs) kill(pid);
    await Promise.all(programs.map((program) => program.stop()));
    scratch.remove();
  }
}

/** Reads the last line of the statistics file; `(C)` are the columns that count since the start. */
function cleanRateOf(csv: string, rate: number): number | undefined {
  const rows = csv
    .trimEnd()
    .split("\n")
    .map((line) => line.split(";"));
  const names = rows[0] ?? [];
  const last = rows.at(-1) ?? [];
  const column = (name: string): number => {
    const value = Number(last[names.indexOf(name)]);
    if (Number.isFinite(value)) return value;
    throw new HarnessFault("sipp-statistics", `SIPp's statistics have no number in the column ${name}`);
  };
  const lost = ["FailedCall(C)", "Retransmissions(C)", "OutOfCallMsgs(C)", "DeadCallMsgs(C)"].some(
    (name) => column(name) > 0,
  );
  const all = column("SuccessfulCall(C)") === rate * STEP_S;
  const reached = column("CallRate(C)");
  return !lost && all && reached >= REACHED * rate ? Math.round(reached) : undefined;
}

async function freeUdpPort(): Promise<number> {
  const port = await bound(0);
  if (port === undefined) throw new HarnessFault("no-udp-port", `cannot bind a UDP port on ${HOST}`);
  return port;
}

/** SIPp says nothing when it is ready, but its port is then taken. */
async function isListening(port: number, signal: AbortSignal): Promise<boolean> {
  for (const until = performance.now() + READY_MS; performance.now() < until;) {
    await wait(50, undefined, { signal });
    if ((await bound(port)) === undefined) return true;
  }
  return false;
}

/** Binds that port and lets go of it again; undefined when it is taken. */
async function bound(wanted: number): Promise<number | undefined> {
  const udp = createSocket("udp4");
  try {
    udp.bind(wanted, HOST);
    await once(udp, "listening");
    return udp.address().port;
  } catch {
    return undefined;
  } finally {
    await new Promise<void>((resolve) => void udp.close(resolve));
  }
}

/** Undefined when it does not settle in time. */
async function within<T>(work: Promise<T>, ms: number, signal: AbortSignal): Promise<T | undefined> {
  const stop = linkedAbort([signal]);
  const late = wait(ms, undefined, { signal: stop.signal });
  try {
    return await Promise.race([work, late]);
  } finally {
    stop.abort();
    stop.release();
    late.catch(() => {});
  }
}

function kill(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
