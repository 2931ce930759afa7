import { describePlan } from "../../harness/plan/describe-plan.ts";
import type { Failure } from "../failures.ts";
import { ladderOf } from "../ladder/ladder.ts";
import { outcomeKind, outcomeWords } from "../outcome-words.ts";
import type { ReportedOutcome } from "../report-content.ts";
import { seenText } from "../seen-text.ts";
import { ladderFigure } from "./ladder-figure.ts";
import { html, type Markup } from "./markup.ts";
import { sourceQuotes } from "./source-quotes.ts";

/** Id of a failing requirement's place in the page. */
export function failureAnchor(requirement: string): string {
  return `failure-${requirement.replaceAll("/", "-")}`;
}

/** Everything there is to know about one failing requirement. */
export function failureArticle(failure: Failure, outcome: ReportedOutcome): Markup {
  const { requirement, verdict, plan, trace, folder, path, replay } = failure;
  const { title, level, sources } = outcome.requirement;
  const kind = outcomeKind(outcome);
  return html`<article id="${failureAnchor(requirement)}" class="failure ${kind}">
    <header>
      <span class="chip ${kind}">${outcomeWords[kind]}</span> <span class="level">${level}</span>
      <h3><code>${requirement}</code></h3>
      <p class="title">${title}</p>
    </header>
    ${sourceQuotes(sources)}
    <dl class="compare">
      <div class="expected">
        <dt>Expected</dt>
        <dd>${verdict.expected}</dd>
      </div>
      <div class="actual">
        <dt>Actual</dt>
        <dd>${verdict.actual}</dd>
      </div>
    </dl>
    <dl class="pairs">
      <dt>Mismatch</dt>
      <dd><code>${verdict.mismatch}</code></dd>
      <dt>Seen</dt>
      <dd>${seenText(outcome, failure)}</dd>
      ${
        folder === undefined
          ? undefined
          : html`<dt>Evidence</dt>
              <dd><a href="${folder}/">${path}</a></dd>`
      }
    </dl>
    ${
      plan === undefined
        ? undefined
        : html`<h4>The plan</h4>
            <ul class="plan">
              ${describePlan(plan).map((line) => html`<li>${line}</li>`)}
            </ul>`
    }
    ${
      replay === undefined
        ? undefined
        : html`<h4>Play it again</h4>
            <pre class="command">${replay}</pre>`
    }
    ${
      trace === undefined
        ? undefined
        : html`<h4>What happened</h4>
            <p class="hint">Rows with a message open on a click.</p>
            ${ladderFigure(ladderOf(trace, { violation: verdict.evidence }))}`
    }
  </article> `;
}
