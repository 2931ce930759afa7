import { describePlan } from "../../harness/plan/describe-plan.ts";
import type { RunVerdict } from "../../harness/judge/run-verdict.ts";
import type { RunResult } from "../../harness/run/run-result.ts";
import type { Failure } from "../failures.ts";
import { isWaived, reportContent, type ReportContent, type ReportedOutcome } from "../report-content.ts";
import type { ReportContext } from "../report-context.ts";
import { seenText } from "../seen-text.ts";
import { durationText, plural } from "../text/words.ts";
import { visibleLine } from "../text/visible-text.ts";
import { wrap } from "../text/wrap.ts";
import { countsInWords, limitsInWords, verdictWords } from "../verdict-words.ts";
import { paint, type Paint } from "./paint.ts";

export interface SummaryContext extends ReportContext {
  /** Paths of the report files. */
  readonly written: readonly string[];
  readonly colour: boolean;
}

const width = 96;
const mostBlocks = 8;
const verdictColours: Readonly<Record<RunVerdict, "green" | "yellow" | "red">> = {
  pass: "green",
  "pass-with-waivers": "yellow",
  fail: "red",
  inconclusive: "yellow",
  error: "red",
};

/** What a person reads after a run, as lines of about 96 columns: verdict, counts, scenarios, failures, where the reports lie. */
export function terminalSummary(result: RunResult, context: SummaryContext): readonly string[] {
  const content = reportContent(result, context);
  const style = paint(context.colour);
  return [
    "",
    ...headline(content, style),
    "",
    ...scenarioTable(content, style),
    ...failureBlocks(content, style),
    ...openBlock(content, style),
    ...expectedBlock(content, style),
    "",
    ...verdictBlock(content, style),
    ...written(context),
  ];
}

function headline({ facts, run, counts, tool }: ReportContent, style: Paint): readonly string[] {
  const { name, version } = facts.target;
  const by = `${facts.role}, profile ${facts.profile.id}, ${tool.name} ${tool.version}`;
  return [
    ...wrap(visibleLine(`${name} ${version}`), width).map((line) => style("bold", line)),
    visibleLine(by),
    `${plural(counts.cases, "case")} in ${durationText(run.durationMs)}, seed ${run.seed}`,
  ];
}

function scenarioTable({ scenarios }: ReportContent, style: Paint): readonly string[] {
  const column = Math.max(8, ...scenarios.map(({ id }) => id.length));
  return [
    style("dim", `${"scenario".padEnd(column)}  cases  failed  inconclusive`),
    ...scenarios.map(({ id, runs, failed, inconclusive }) =>
      [
        id.padEnd(column),
        String(runs).padStart(5),
        coloured(style, "red", failed, 6),
        coloured(style, "yellow", inconclusive, 12),
      ].join("  "),
    ),
  ];
}

function coloured(style: Paint, colour: "red" | "yellow", count: number, columns: number): string {
  const text = String(count).padStart(columns);
  return count === 0 ? text : style(colour, text);
}

/** The first failures in full, musts before others, the rest by name: nobody reads forty of them in a terminal. */
function failureBlocks({ failures, outcomes }: ReportContent, style: Paint): readonly string[] {
  const failing = failures
    .flatMap((failure) => {
      const outcome = outcomes.find(({ requirement }) => requirement.id === failure.requirement);
      return outcome === undefined || isWaived(outcome) ? [] : [{ failure, outcome }];
    })
    .toSorted(
      (a, b) => Number(a.outcome.requirement.level !== "must") - Number(b.outcome.requirement.level !== "must"),
    );
  const rest = failing.slice(mostBlocks);
  return [
    ...failing.slice(0, mostBlocks).flatMap(({ failure, outcome }) => ["", ...failureBlock(failure, outcome, style)]),
    ...(rest.length === 0 ? [] : ["", `${plural(rest.length, "more requirement")} failing, in full in the reports:`]),
    ...rest.map(({ failure, outcome }) =>
      visibleLine(`  ${failure.requirement} (${outcome.requirement.level}): ${failure.verdict.mismatch}`),
    ),
  ];
}

function failureBlock(failure: Failure, outcome: ReportedOutcome, style: Paint): readonly string[] {
  const { level, title } = outcome.requirement;
  const { verdict, plan, path, replay } = failure;
  const word = style(level === "must" ? "red" : "yellow", "FAIL");
  return [
    `${word} ${style("bold", failure.requirement)} (${level})`,
    ...wrap(visibleLine(title), width - 2).map((line) => `  ${line}`),
    ...field("expected", visibleLine(verdict.expected), style),
    ...field("actual", visibleLine(verdict.actual), style),
    ...field("mismatch", visibleLine(`${verdict.mismatch}; ${seenText(outcome, failure)}`), style),
    ...(plan === undefined ? [] : fieldLines("plan", describePlan(plan).map(visibleLine), style)),
    ...(path === undefined ? [] : [labelled("evidence", path, style)]),
    ...(replay === undefined ? [] : [labelled("replay", replay, style)]),
  ];
}

function field(name: string, text: string, style: Paint): readonly string[] {
  return fieldLines(name, [text], style);
}

/** Unbroken however long: to be copied. */
function labelled(name: string, text: string, style: Paint): string {
  return `  ${style("dim", name.padEnd(9))} ${text}`;
}

function fieldLines(name: string, texts: readonly string[], style: Paint): readonly string[] {
  return texts
    .flatMap((text) => wrap(text, width - 12).map((line, index) => (index === 0 ? line : `  ${line}`)))
    .map((line, index) => `  ${index === 0 ? style("dim", name.padEnd(9)) : " ".repeat(9)} ${line}`);
}

/** What was left open without being a reason of the verdict, which stands below. */
function openBlock({ outcomes, reasons }: ReportContent, style: Paint): readonly string[] {
  const open = outcomes.filter(
    ({ verdict, requirement: { id } }) =>
      verdict === "inconclusive" && !reasons.some((reason) => reason.startsWith(`${id} `)),
  );
  if (open.length === 0) return [];
  return [
    "",
    ...open.flatMap(({ requirement, reason }) =>
      wrap(visibleLine(`${requirement.id} (${requirement.level}): ${reason ?? ""}`), width - 13).map((line, index) =>
        index === 0 ? `${style("yellow", "INCONCLUSIVE")} ${line}` : `  ${line}`,
      ),
    ),
  ];
}

function expectedBlock({ expectedFailures }: ReportContent, style: Paint): readonly string[] {
  if (expectedFailures.length === 0) return [];
  const words = {
    used: "failed as expected",
    unused: "expected to fail and did not: take it away",
    expired: "expired",
    unknown: "not decided by this run",
  };
  return [
    "",
    ...expectedFailures.flatMap(({ requirement, reason, expires, state }) => {
      const until = expires === undefined ? "" : `; until ${expires}`;
      const [first = "", ...rest] = wrap(
        visibleLine(`${requirement}: ${words[state]} (${reason}${until})`),
        width - 10,
      );
      return [`${style("yellow", "EXPECTED")} ${first}`, ...rest.map((line) => `  ${line}`)];
    }),
  ];
}

function verdictBlock(content: ReportContent, style: Paint): readonly string[] {
  const { verdict, counts, warnings, reasons } = content;
  const failing = new Set(content.failures.map(({ requirement }) => requirement));
  // Fails were shown above; here stands what else keeps the run from passing.
  const others = reasons.filter((reason) => ![...failing].some((id) => reason.startsWith(`${id} `)));
  const shown = others.slice(0, 12);
  return [
    style(["bold", verdictColours[verdict]], verdictWords[verdict]),
    ...wrap(countsInWords(counts.requirements), width - 2).map((line) => `  ${line}`),
    ...[...limitsInWords(content), ...shown].flatMap((line) =>
      wrap(visibleLine(line), width - 4).map((part, index) => `${index === 0 ? "  - " : "    "}${part}`),
    ),
    ...(others.length > shown.length ? [`  - and ${others.length - shown.length} more, in the report`] : []),
    ...(warnings.length > 0
      ? [`  - ${plural(warnings.length, "warning")}: failing shoulds do not count unless --strict is given`]
      : []),
  ];
}

function written({ directory, written }: SummaryContext): readonly string[] {
  if (written.length === 0) return [`Results: ${directory}`];
  return written.map((path, index) => `${index === 0 ? "Reports: " : "         "}${path}`);
}
