import { describePlan } from "../../harness/plan/describe-plan.ts";
import type { RunResult } from "../../harness/run/run-result.ts";
import type { Failure } from "../failures.ts";
import { ladderOf } from "../ladder/ladder.ts";
import { ladderExcerpt } from "../ladder/ladder-excerpt.ts";
import { ladderText } from "../ladder/ladder-text.ts";
import { outcomeKind } from "../outcome-words.ts";
import { reportContent, type ReportContent, type ReportedOutcome } from "../report-content.ts";
import type { ReportContext } from "../report-context.ts";
import { seenText } from "../seen-text.ts";
import { limitsInWords, verdictWords } from "../verdict-words.ts";
import { element, type XmlElement, xmlText } from "./xml.ts";

const mostRows = 120;

/**
 * The run as JUnit XML: one test suite per area, one test case per requirement, and one, `run/verdict`, for the run, so that a
 * reader of the file is red exactly when the exit code is not 0. Whatever turns the run red is a `<failure>` (its type is the
 * mismatch, or `inconclusive` or `not-exercised`); some readers drop `<error>`. Everything else that has not passed is
 * `<skipped>` with why.
 */
export function junitXml(result: RunResult, context: ReportContext): string {
  const content = reportContent(result, context);
  const areas = [...new Set(content.outcomes.map(({ requirement }) => areaOf(requirement.id)))];
  const suites = [
    suite("run", [runCase(content)], content),
    ...areas.map((area) =>
      suite(
        area,
        content.outcomes
          .filter(({ requirement }) => areaOf(requirement.id) === area)
          .map((outcome) => testCase(outcome, content)),
        content,
      ),
    ),
  ];
  const { name, version } = content.facts.target;
  const root = element(
    "testsuites",
    { name: `RingTrue: ${name} ${version}`, ...sums(suites), time: seconds(content) },
    suites,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xmlText(root)}\n`;
}

function areaOf(id: string): string {
  return id.slice(0, id.indexOf("/"));
}

function seconds({ run }: ReportContent): string {
  return (run.durationMs / 1000).toFixed(3);
}

function suite(name: string, cases: readonly XmlElement[], content: ReportContent): XmlElement {
  const has = (child: string): number =>
    cases.filter(({ children }) => children.some((one) => isNamed(one, child))).length;
  const counts = {
    tests: String(cases.length),
    failures: String(has("failure")),
    errors: "0",
    skipped: String(has("skipped")),
  };
  return element("testsuite", { name, ...counts, timestamp: content.run.startedAt.replace(/(\.\d+)?Z$/u, "") }, cases);
}

function isNamed(child: XmlElement | string, name: string): boolean {
  return typeof child !== "string" && child.name === name;
}

function sums(suites: readonly XmlElement[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ["tests", "failures", "errors", "skipped"].map((count) => [
      count,
      String(suites.reduce((sum, { attributes }) => sum + Number(attributes[count] ?? 0), 0)),
    ]),
  );
}

function runCase(content: ReportContent): XmlElement {
  const { verdict, reasons } = content;
  const lines = [...limitsInWords(content), ...reasons];
  const green = verdict === "pass" || verdict === "pass-with-waivers";
  return element(
    "testcase",
    { classname: "run", name: "run/verdict", time: seconds(content) },
    green
      ? []
      : [
          element("failure", { message: `${verdictWords[verdict]}: ${reasons[0] ?? ""}`, type: verdict }, [
            lines.join("\n"),
          ]),
        ],
  );
}

function testCase(outcome: ReportedOutcome, content: ReportContent): XmlElement {
  const { id } = outcome.requirement;
  return element("testcase", { classname: areaOf(id), name: id, time: "0.000" }, resultOf(outcome, content));
}

function resultOf(outcome: ReportedOutcome, content: ReportContent): readonly XmlElement[] {
  const { requirement, reason = "" } = outcome;
  const { id, level } = requirement;
  const kind = outcomeKind(outcome);
  // The run's reasons name what counts against it by its id.
  const counts = content.reasons.some((line) => line.startsWith(`${id} `));
  switch (kind) {
    case "pass":
      return [];
    case "waived": {
      const why = content.expectedFailures.filter((entry) => entry.requirement === id).map((entry) => entry.reason);
      return [skipped(`failed as expected (${reason}): ${why.join("; ")}`)];
    }
    case "fail": {
      const failure = content.failures.find((one) => one.requirement === id);
      if (!counts) return [skipped(`failed (${reason}), but a ${level} does not count in this run`)];
      if (failure === undefined) return [element("failure", { message: reason, type: "fail" }, [])];
      const { mismatch, expected, actual } = failure.verdict;
      const message = `${mismatch}: expected ${expected}; actual ${actual}`;
      return [element("failure", { message, type: mismatch }, [failureText(failure, outcome)])];
    }
    default:
      return [
        counts ? element("failure", { message: `${kind}: ${reason}`, type: kind }, []) : skipped(`${kind}: ${reason}`),
      ];
  }
}

function skipped(message: string): XmlElement {
  return element("skipped", { message }, []);
}

function failureText(failure: Failure, outcome: ReportedOutcome): string {
  const { verdict, plan, trace, path, replay } = failure;
  const { title, level, sources } = outcome.requirement;
  return [
    `${title} (${level})`,
    ...sources.map(({ document, section, quote }) => `“${quote}” (${document}, ${section})`),
    `expected: ${verdict.expected}`,
    `actual: ${verdict.actual}`,
    `mismatch: ${verdict.mismatch}; ${seenText(outcome, failure)}`,
    ...(plan === undefined ? [] : ["plan:", ...describePlan(plan).map((line) => `  ${line}`)]),
    ...(path === undefined ? [] : [`evidence: ${path}`]),
    ...(replay === undefined ? [] : [`replay: ${replay}`]),
    ...(trace === undefined
      ? []
      : ["", ...ladderText(ladderExcerpt(ladderOf(trace, { violation: verdict.evidence }), mostRows))]),
  ].join("\n");
}
