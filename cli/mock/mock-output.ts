import type { DeviceEvent } from "../../mocks/standalone/mock-devices.ts";
import type { MockListeners } from "../../mocks/standalone/push-mock.ts";
import { deviceLine } from "./device-lines.ts";
import type { MockFacts } from "./mock-files.ts";
import { lateLine, problemLines, pushLines } from "./push-line.ts";

/** What `ringtrue mock` prints. */
export interface MockOutput {
  readonly listeners: Required<MockListeners>;
  readonly onDevice: (event: DeviceEvent) => void;
  /** Prints the world, and then whatever has happened already. */
  start(facts: MockFacts, text: readonly string[]): void;
}

/**
 * Lines for people, or one JSON object per line: the world first (`kind` is `world`), then `push`, `delivery` of a push that
 * had been stored, `connection` and `device`.
 */
export function mockOutput(isJson: boolean, print: (line: string) => void, nowMs: () => number): MockOutput {
  let early: string[] | undefined = [];
  const show = (kind: string, value: object, lines: readonly string[]): void => {
    for (const line of isJson ? [jsonLine({ kind, ...value })] : lines) {
      if (early === undefined) print(line);
      else early.push(line);
    }
  };
  return {
    listeners: {
      onPush: (push) => show("push", push, pushLines(push)),
      onDelivery(push, isLate) {
        if (isLate) show("delivery", push, [lateLine(push, nowMs())]);
      },
      onConnectionProblem: (problem) => show("connection", problem, problemLines(problem)),
    },
    onDevice(event) {
      const { kind, ...rest } = event;
      show("device", { event: kind, atMs: nowMs(), ...rest }, [deviceLine(event, nowMs())]);
    },
    start(facts, text) {
      const waiting = early ?? [];
      early = undefined;
      for (const line of isJson ? [jsonLine({ kind: "world", ...facts })] : text) print(line);
      for (const line of waiting) print(line);
    },
  };
}

/** JSON in ASCII alone: control characters beyond it act on a terminal too. */
function jsonLine(value: object): string {
  return JSON.stringify(value).replaceAll(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
