import { setImmediate as turn } from "node:timers/promises";
import type { PushServerLook } from "./push-server-process.ts";
import { pushSubjects, type SubjectAnswer } from "./push-subjects.ts";

/*
 * node --expose-gc push-server.js <name> <answer>: starts one of the servers to be measured, and tells the parent over IPC where it
 * is. The answer, in JSON, is that of a bare server.
 * A message asks for a look at it, "collected" or "as-it-is". It ends with its parent.
 */

const [, , name = "bare", answer = "{}"] = process.argv;
const subject = await pushSubjects[name as keyof typeof pushSubjects](JSON.parse(answer) as SubjectAnswer);
process.once("disconnect", () => process.exit());
process.on("message", (how) => void look(how === "collected").then((seen) => process.send?.(seen)));
process.send?.({ url: subject.url, push: subject.push });

async function look(isCollected: boolean): Promise<PushServerLook> {
  const { user, system } = process.cpuUsage();
  // What ended with the last requests is let go of by callbacks, which have their turn first.
  for (let rounds = isCollected ? 3 : 0; rounds > 0; rounds -= 1) {
    await turn();
    globalThis.gc?.();
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    rssBytes: rss,
    heapBytes: heapUsed + external,
    cpuMicroseconds: user + system,
    ...subject.tally(),
  };
}
