import type { RunEvent, VerdictCounts } from "../../harness/run/run-event.ts";
import { durationText, plural } from "../text/words.ts";
import { visibleLine } from "../text/visible-text.ts";
import { paint } from "./paint.ts";

export interface ProgressOptions {
  readonly stream: { write(text: string): unknown; readonly columns?: number };
  /** Whether the stream can redraw a line: then one live line stands below what was said. */
  readonly isTty: boolean;
}

export interface Progress {
  /** Shows what happened. Never throws. */
  onEvent(event: RunEvent): void;
  /** Prints a line of its own. */
  say(line: string): void;
  /** Takes the live line away. What is said afterwards is still printed. */
  close(): void;
}

const eraseLine = "\r\u001b[2K";
const barWidth = 20;

/**
 * What a person sees while a run is under way: the first verdict as soon as there is one, each newly failing requirement at
 * once, and how far it is (live where the stream can redraw, else a line for about every tenth of the cases).
 */
export function progressReporter({ stream, isTty }: ProgressOptions): Progress {
  const style = paint(isTty);
  let live = "";
  let tenths = 0;
  let sawVerdict = false;
  let failingCases = 0;
  let position = "";

  function say(line: string): void {
    stream.write(live === "" ? `${line}\n` : `${eraseLine}${line}\n${live}`);
  }

  function show(line: string): void {
    if (!isTty) return;
    const fitting = line.slice(0, Math.max(20, (stream.columns ?? 80) - 1));
    if (fitting === live) return;
    live = fitting;
    stream.write(`${eraseLine}${live}`);
  }

  function hide(): void {
    if (live === "") return;
    live = "";
    stream.write(eraseLine);
  }

  function advance(done: number, cases: number): void {
    const share = cases === 0 ? 1 : done / cases;
    const failed = failingCases === 0 ? "" : `, ${failingCases} with a fail`;
    position = `${done} of ${plural(cases, "case")}${failed}`;
    const filled = Math.round(share * barWidth);
    show(`[${"#".repeat(filled)}${"-".repeat(barWidth - filled)}] ${position}`);
    if (isTty || Math.floor(share * 10) === tenths) return;
    tenths = Math.floor(share * 10);
    say(`${String(tenths * 10).padStart(3)} %  ${position}`);
  }

  function onEvent(event: RunEvent): void {
    switch (event.kind) {
      case "run-started":
        say(
          `Playing ${plural(event.cases, "case")} of ${plural(event.scenarios.length, "scenario")}, ` +
            `${event.concurrency} at once (seed ${event.seed})`,
        );
        return;
      case "case-ended":
        if (!sawVerdict) say(`First verdict: ${event.case}: ${countsText(event.counts)}`);
        sawVerdict = true;
        if (event.counts.fail > 0) failingCases += 1;
        advance(event.done, event.cases);
        return;
      case "requirement-failed": {
        const word = event.waived ? style("yellow", "EXPECTED") : style("red", "FAIL");
        say(`${word}  ${event.requirement} (${visibleLine(event.mismatch)}) in ${event.case}`);
        return;
      }
      case "target-exited": {
        const how = event.signal === null ? `code ${event.code ?? "unknown"}` : `signal ${event.signal}`;
        const news = event.why === undefined ? `by itself (${how}).` : `its part: ${visibleLine(event.why)}`;
        say(`${style("yellow", "The target ended")} ${news}`);
        return;
      }
      case "target-restarted":
        say("The target is up again.");
        return;
      case "confirming":
        show(`Confirming ${event.requirement} (${event.mismatch}) alone  ${position}`);
        return;
      case "shrinking":
        show(`Shrinking ${event.requirement} (${event.mismatch}) from ${event.case}`);
        return;
      case "confirmed": {
        const { requirement, plan, reproduced } = event.counterexample;
        const size = plural(plan.steps.length, "step");
        say(`Shrunk ${requirement} to a plan of ${size}: failed ${reproduced.k} of ${reproduced.n} alone`);
        return;
      }
      case "run-ended":
        hide();
        if (event.error !== undefined) say(`${style("red", "ERROR")}  ${visibleLine(event.error)}`);
        say(
          `Run ${event.ended === "complete" ? "complete" : `ended: ${event.ended}`} after ${durationText(event.durationMs)}`,
        );
        return;
      // The one that is left, "case-started", is followed by its end soon enough.
      default:
    }
  }

  return { onEvent, say, close: hide };
}

function countsText({ pass, fail, inconclusive, notExercised }: VerdictCounts): string {
  const parts = [
    `${plural(pass, "requirement")} passed`,
    `${fail} failed`,
    ...(inconclusive === 0 ? [] : [`${inconclusive} inconclusive`]),
    `${notExercised} not exercised`,
  ];
  return parts.join(", ");
}
