import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { HarnessFault } from "../harness/errors.ts";
import type { PushSubject, PushSubjectName, PushTally, SubjectAnswer } from "./push-subjects.ts";

/** A server under load, in a process of its own. */
export interface PushServerProcess extends Pick<PushSubject, "url" | "push"> {
  /** `collected`: once its garbage is collected. */
  readonly look: (how: "collected" | "as-it-is") => Promise<PushServerLook>;
  readonly stop: () => Promise<void>;
}

/** What a server looks like between two loads. */
export interface PushServerLook extends PushTally {
  readonly rssBytes: number;
  /** Used JavaScript heap, and the memory outside of it that belongs to its objects. */
  readonly heapBytes: number;
  /** Since it started, of all its threads. */
  readonly cpuMicroseconds: number;
}

const program = fileURLToPath(new URL("push-server.js", import.meta.url));

/**
 * @param answer of a bare server; empty by default
 * @throws HarnessFault when it ends before it was stopped
 */
export async function startPushServer(
  name: PushSubjectName,
  signal: AbortSignal,
  answer: SubjectAnswer = { headers: {} },
): Promise<PushServerProcess> {
  signal.throwIfAborted();
  const child = fork(program, [name, JSON.stringify(answer)], { execArgv: ["--expose-gc"] });
  const ended = once(child, "exit");
  const kill = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", kill);
  process.once("exit", kill);

  /** The next message of the child. */
  async function heard<T>(): Promise<T> {
    return await Promise.race([
      once(child, "message").then(([message]) => message as T),
      ended.then((): never => {
        signal.throwIfAborted();
        throw new HarnessFault("bench-server-ended", `the server ${name} ended by itself`);
      }),
    ]);
  }

  const started = await heard<Pick<PushSubject, "url" | "push">>();
  return {
    ...started,
    async look(how) {
      const answer = heard<PushServerLook>();
      child.send(how);
      return await answer;
    },
    async stop() {
      signal.removeEventListener("abort", kill);
      process.removeListener("exit", kill);
      kill();
      await ended;
    },
  };
}
