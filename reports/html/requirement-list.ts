import type { ReportContent, ReportedOutcome } from "../report-content.ts";
import { outcomeKind, outcomeWords, type OutcomeKind } from "../outcome-words.ts";
import { failureAnchor } from "./failure-article.ts";
import { html, type Markup } from "./markup.ts";
import { sourceQuotes } from "./source-quotes.ts";

const kinds: readonly OutcomeKind[] = ["fail", "waived", "inconclusive", "not-exercised", "pass", "not-applicable"];

/** Every requirement of the run with what it came to and why; the page's script filters it by verdict and words. */
export function requirementList({ outcomes, failures }: Pick<ReportContent, "outcomes" | "failures">): Markup {
  const shown = new Set<string>(failures.map(({ requirement }) => requirement));
  const present = kinds.flatMap((kind) => {
    const count = outcomes.filter((outcome) => outcomeKind(outcome) === kind).length;
    return count === 0 ? [] : [{ kind, count }];
  });
  return html`<div class="filter" id="filter" hidden>
      <input type="search" id="words" placeholder="Filter by words" aria-label="Filter requirements by words" />
      <button type="button" data-kind="" aria-pressed="true">all ${outcomes.length}</button>
      ${present.map(({ kind, count }) => html`<button type="button" class="${kind}" data-kind="${kind}" aria-pressed="false">${outcomeWords[kind]} ${count}</button> `)}
      <output id="shown" class="unseen" aria-live="polite"></output>
    </div>
    <div id="requirements" class="requirements">${outcomes.map((outcome) => requirementRow(outcome, shown))}</div>
    <p id="none" hidden>No requirement is like that.</p>`;
}

function requirementRow(outcome: ReportedOutcome, shown: ReadonlySet<string>): Markup {
  const { requirement, reason } = outcome;
  const kind = outcomeKind(outcome);
  return html`<details class="requirement" data-kind="${kind}">
    <summary>
      <span class="chip ${kind}">${outcomeWords[kind]}</span>
      <span class="name"><code>${requirement.id}</code> <span class="title">${requirement.title}</span></span>
      <span class="level">${requirement.level}</span>
      <span class="tally">${tally(outcome)}</span>
    </summary>
    <div class="more">
      ${reason === undefined ? undefined : html`<p class="reason"><b>Why:</b> ${reason}</p>`}
      ${shown.has(requirement.id) ? html`<p><a href="#${failureAnchor(requirement.id)}">How it failed</a></p>` : undefined}
      ${sourceQuotes(requirement.sources)}
      <p class="hint">${detailText(outcome)}</p>
    </div>
  </details> `;
}

function tally({ requirement, verdict, passed, exercised }: ReportedOutcome): string {
  if (verdict === "not-applicable" || exercised === 0) return "–";
  return requirement.scope === "run" ? "run" : `${passed}/${exercised}`;
}

function detailText({
  requirement,
  verdict,
  exercised,
  passed,
  failed,
  waived,
  inconclusive,
  cases,
}: ReportedOutcome): string {
  const origin = `Origin: ${requirement.origin}.`;
  if (verdict === "not-applicable" || exercised === 0) return origin;
  if (requirement.scope === "run") return `${origin} Judged over the whole run.`;
  const expected = waived === 0 ? "" : ` (${waived} as expected)`;
  const shown = cases.slice(0, 8).join(", ");
  const more = cases.length > 8 ? ` and ${cases.length - 8} more` : "";
  const which = cases.length === 0 ? "" : ` Cases: ${shown}${more}.`;
  return `${origin} Exercised ${exercised}, passed ${passed}, failed ${failed}${expected}, inconclusive ${inconclusive}.${which}`;
}
