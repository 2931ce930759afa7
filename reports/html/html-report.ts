import { createHash } from "node:crypto";
import type { RunResult } from "../../harness/run/run-result.ts";
import { outcomeKind, outcomeWords, type OutcomeKind } from "../outcome-words.ts";
import { reportContent, type ReportContent } from "../report-content.ts";
import type { ReportContext } from "../report-context.ts";
import { durationText, plural, timeText } from "../text/words.ts";
import { limitsInWords, verdictWords } from "../verdict-words.ts";
import { failureAnchor, failureArticle } from "./failure-article.ts";
import { html, trusted, type Markup } from "./markup.ts";
import { pageScript } from "./page-script.ts";
import { pageStyle } from "./page-style.ts";
import { requirementList } from "./requirement-list.ts";
import { runSection } from "./run-section.ts";

const scriptHash = createHash("sha256").update(pageScript).digest("base64");

/** Nothing is loaded, nothing is sent, no script runs but the page's own. */
const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${scriptHash}'; base-uri 'none'; form-action 'none'`;

/** One offline page with everything a person wants to know of a run. */
export function htmlReport(result: RunResult, context: ReportContext): string {
  const content = reportContent(result, context);
  const { facts, verdict } = content;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${trusted(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${verdictWords[verdict]}: ${facts.target.name} ${facts.target.version}</title>
        ${trusted(`<style>${pageStyle}</style>`)}
      </head>
      <body>
        ${verdictHeader(content)}
        <main>
          ${failureSection(content)}
          <section>
            <h2>Requirements</h2>
            ${requirementList(content)}
          </section>
          ${runSection(content)}
        </main>
        ${trusted(`<script>${pageScript}</script>`)}
      </body>
    </html> `;
  return page.markup;
}

function verdictHeader(content: ReportContent): Markup {
  const { verdict, facts, counts, run, tool, suite, reasons, warnings } = content;
  const lines = [...limitsInWords(content), ...reasons];
  return html`<header class="verdict ${verdict}">
    <div>
      <p class="tool">
        RingTrue conformance report · ${tool.name} ${tool.version} · catalogue ${suite.catalogueVersion}
      </p>
      <h1>${verdictWords[verdict]}</h1>
      <p class="target">
        <b>${facts.target.name} ${facts.target.version}</b>, ${facts.role}, profile ${facts.profile.id}
      </p>
      <p class="hint">
        ${plural(counts.cases, "case")} in ${durationText(run.durationMs)}, ${timeText(run.startedAt)}, seed ${run.seed}
      </p>
      ${countsBar(content)} ${list("reasons", lines, content)} ${list("reasons warnings", warnings, content)}
    </div>
  </header>`;
}

const order: readonly OutcomeKind[] = ["pass", "fail", "waived", "inconclusive", "not-exercised", "not-applicable"];

function countsBar({ outcomes }: ReportContent): Markup {
  const present = order.flatMap((kind) => {
    const count = outcomes.filter((outcome) => outcomeKind(outcome) === kind).length;
    return count === 0 ? [] : [{ kind, count }];
  });
  return html`<div class="bar" aria-hidden="true">
      ${present.map(({ kind, count }) => html`<span class="${kind}" style="flex:${count}"></span>`)}
    </div>
    <ul class="legend">
      ${present.map(({ kind, count }) => html`<li class="${kind}"><b>${count}</b> ${outcomeWords[kind]}</li>`)}
      <li>of <b>${outcomes.length}</b> requirements</li>
    </ul>`;
}

/** Lines about a failing requirement begin with its id, which leads to how it failed. */
function list(classes: string, lines: readonly string[], { failures }: ReportContent): Markup | undefined {
  if (lines.length === 0) return undefined;
  const linked = (line: string): Markup => {
    const about = failures.find(({ requirement }) => line.startsWith(`${requirement} `));
    if (about === undefined) return html`<li>${line}</li>`;
    const { requirement } = about;
    return html`<li><a href="#${failureAnchor(requirement)}">${requirement}</a>${line.slice(requirement.length)}</li>`;
  };
  return html`<ul class="${classes}">
    ${lines.map(linked)}
  </ul>`;
}

/** What counts comes first, what was expected last. */
function failureSection({ failures, outcomes }: ReportContent): Markup | undefined {
  const articles = failures.flatMap((failure) => {
    const outcome = outcomes.find(({ requirement }) => requirement.id === failure.requirement);
    return outcome === undefined ? [] : [{ failure, outcome }];
  });
  if (articles.length === 0) return undefined;
  const rank = ({ outcome }: (typeof articles)[number]): number =>
    outcomeKind(outcome) === "waived" ? 2 : outcome.requirement.level === "must" ? 0 : 1;
  const sorted = articles.toSorted((a, b) => rank(a) - rank(b));
  return html`<section>
    <h2>Failures</h2>
    ${sorted.map(({ failure, outcome }) => failureArticle(failure, outcome))}
  </section>`;
}
