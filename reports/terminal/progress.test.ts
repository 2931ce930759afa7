import { describe, expect, test } from "vitest";
import type { RunEvent } from "../../harness/run/run-event.ts";
import { sampleRun } from "../testing/sample-run.ts";
import { progressReporter, type Progress } from "./progress.ts";

const started: RunEvent = { kind: "run-started", cases: 40, scenarios: ["a", "b"], seed: 42, concurrency: 8 };
const failed: RunEvent = {
  kind: "requirement-failed",
  requirement: "flow/x",
  mismatch: "late",
  case: "a-3",
  waived: false,
};

function ended(done: number): RunEvent {
  const counts = { pass: 30, fail: done % 10 === 4 ? 1 : 0, inconclusive: 0, notExercised: 12 };
  return { kind: "case-ended", case: `a-${done}`, scenario: "a", end: "finished", counts, done, cases: 40 };
}

function reporter(isTty: boolean, columns?: number): { readonly progress: Progress; readonly output: () => string } {
  let output = "";
  const stream = {
    write(text: string) {
      output += text;
    },
    ...(columns === undefined ? {} : { columns }),
  };
  return { progress: progressReporter({ stream, isTty }), output: () => output };
}

/** What stands on the screen after all that was written, line by line. */
function screen(output: string): readonly string[] {
  // oxlint-disable-next-line no-control-regex
  const plain = output.replaceAll(/\u001b\[\d+m/gu, "");
  return plain.split("\n").map((line) => line.slice(line.lastIndexOf("\r\u001b[2K") + 1).replace("\u001b[2K", ""));
}

describe("progress without a terminal", () => {
  test("shows the first verdict as soon as the first case ended, and a line for every tenth", () => {
    const { progress, output } = reporter(false);
    progress.onEvent(started);
    progress.onEvent(ended(1));
    expect(output()).toBe(
      "Playing 40 cases of 2 scenarios, 8 at once (seed 42)\n" +
        "First verdict: a-1: 30 requirements passed, 0 failed, 12 not exercised\n",
    );
    for (let done = 2; done <= 40; done += 1) progress.onEvent(ended(done));
    const tenths = output()
      .split("\n")
      .filter((line) => line.includes("%"));
    expect(tenths).toHaveLength(10);
    expect(tenths.at(-1)).toBe("100 %  40 of 40 cases, 4 with a fail");
  });

  test("names a requirement the moment it fails, and carries no escape", () => {
    const { progress, output } = reporter(false);
    progress.onEvent(failed);
    progress.onEvent({ ...failed, requirement: "flow/y", waived: true });
    progress.onEvent(ended(4));
    progress.close();
    expect(output()).toContain("FAIL  flow/x (late) in a-3\nEXPECTED  flow/y (late) in a-3\n");
    expect(output()).toContain(" 10 %  4 of 40 cases, 1 with a fail\n");
    expect(output()).not.toContain("\u001b");
  });

  test("tells of the target's end, of shrinking and of the run's end", () => {
    const { progress, output } = reporter(false);
    const [counterexample] = sampleRun().result.counterexamples;
    if (counterexample === undefined) throw new Error("the sample has a counterexample");
    progress.onEvent({ kind: "target-exited", code: null, signal: "SIGSEGV" });
    progress.onEvent({ kind: "target-restarted" });
    progress.onEvent({ kind: "confirmed", counterexample });
    progress.onEvent({ kind: "run-ended", ended: "error", error: "no port \u001b[31m", durationMs: 61_000 });
    expect(output().split("\n")).toEqual([
      "The target ended by itself (signal SIGSEGV).",
      "The target is up again.",
      "Shrunk flow/no-cancel-push to a plan of 3 steps: failed 5 of 5 alone",
      "ERROR  no port ⟨U+001B⟩[31m",
      "Run ended: error after 1 min 1 s",
      "",
    ]);
  });
});

describe("progress in a terminal", () => {
  test("one live line stands below what was said, and goes away at the end", () => {
    const { progress, output } = reporter(true, 60);
    progress.onEvent(started);
    progress.onEvent(ended(10));
    progress.say("a line of its own");
    expect(screen(output()).slice(-2)).toEqual(["a line of its own", "[#####---------------] 10 of 40 cases"]);
    progress.close();
    expect(screen(output()).at(-1)).toBe("");
    progress.say("afterwards");
    expect(screen(output()).slice(-2)).toEqual(["afterwards", ""]);
  });

  test("the live line never fills the last column", () => {
    const { progress, output } = reporter(true, 30);
    progress.onEvent(ended(10));
    expect(screen(output()).at(-1)).toHaveLength(29);
  });
});
