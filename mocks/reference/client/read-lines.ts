import type { Readable } from "node:stream";

/** Hands over every line of a stream; `onEnd` when there will be no more. */
export function readLines(from: Readable, onLine: (line: string) => void, onEnd: () => void): void {
  let rest = "";
  from.setEncoding("utf8");
  from.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") onLine(line);
  });
  from.on("end", onEnd);
}
