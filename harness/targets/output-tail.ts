const KEPT_LINES = 200;
const LONGEST_LINE = 2000;

/** The last lines a program wrote, on either stream, and who waits for one. */
export interface OutputTail {
  readonly lines: readonly string[];
  /** A chunk of one stream; lines are completed per stream. */
  write(stream: "stdout" | "stderr", chunk: string): void;
  /** Calls back with every line kept so far, then with each new one; returns what ends that. */
  onLine(listener: (line: string) => void): () => void;
}

export function outputTail(): OutputTail {
  const lines: string[] = [];
  const rest = { stdout: "", stderr: "" };
  const listeners = new Set<(line: string) => void>();
  const add = (line: string): void => {
    const kept = line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
    lines.push(kept);
    if (lines.length > KEPT_LINES) lines.shift();
    for (const listener of listeners) listener(kept);
  };
  return {
    lines,
    write(stream, chunk) {
      const parts = (rest[stream] + chunk).split(/\r?\n/);
      rest[stream] = parts.pop() ?? "";
      for (const line of parts) add(line);
      // What never ends its line must not grow without bound.
      if (rest[stream].length > LONGEST_LINE) {
        add(rest[stream]);
        rest[stream] = "";
      }
    },
    onLine(listener) {
      for (const line of lines) listener(line);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
