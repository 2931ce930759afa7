import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { HarnessFault } from "../harness/errors.ts";

/** A push as h2load repeats it. */
export interface LoadRequest {
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Load {
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  readonly request: LoadRequest;
  /** What is posted: the body. */
  readonly bodyFile: string;
  readonly requests: number;
  readonly signal: AbortSignal;
}

/** As a busy sender has them: not one stream of one connection, and not more connections than a sender keeps. */
const CONNECTIONS = 8;
const STREAMS = 32;
const OUTPUT_BYTES = 1 << 20;

export function isH2loadInstalled(): boolean {
  return spawnSync("h2load", ["--version"], { stdio: "ignore" }).error === undefined;
}

/**
 * Requests per second that a server answers to h2load: 8 connections of 32 streams each.
 *
 * @throws HarnessFault when not every answer is a 2xx
 */
export async function requestsPerSecond({ url, request, bodyFile, requests, signal }: Load): Promise<number> {
  const headers = Object.entries(request.headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const load = ["-n", String(requests), "-c", String(CONNECTIONS), "-m", String(STREAMS), "-d", bodyFile];
  const { stdout } = await promisify(execFile)("h2load", [...load, ...headers, `${url}${request.path}`], {
    signal,
    maxBuffer: OUTPUT_BYTES,
  });
  const perSecond = Number(/^finished in .*?, ([\d.]+) req\/s/m.exec(stdout)?.[1]);
  const accepted = Number(/^status codes: (\d+) 2xx/m.exec(stdout)?.[1]);
  if (accepted === requests && perSecond > 0) return perSecond;
  const seen = stdout.split("\n").filter((line) => /^(?:finished|requests|status codes)/.test(line));
  throw new HarnessFault("bench-refused", `of ${requests} pushes not all were accepted: ${seen.join("; ")}`);
}
