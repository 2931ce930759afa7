import type { Margin } from "../../harness/judge/requirement.ts";
import type { AppFacts } from "../../harness/trace/run-facts.ts";
import type { ReportContent } from "../report-content.ts";
import { durationText, timeText } from "../text/words.ts";
import { html, type Markup } from "./markup.ts";

/** Scenarios, expected failures, what the target declared, the host and its margins, the configuration. */
export function runSection(content: ReportContent): Markup {
  return html`<section>
      <h2>Scenarios</h2>
      ${scenarioTable(content)}
    </section>
    ${expectedSection(content)}
    <section>
      <h2>The run</h2>
      ${runFacts(content)}
      <details class="fold">
        <summary>Tightest margins</summary>
        ${marginTable(content)}
      </details>
      <details class="fold">
        <summary>Effective configuration</summary>
        <pre>${JSON.stringify(content.effectiveConfig, undefined, 2)}</pre>
      </details>
    </section>`;
}

function scenarioTable({ scenarios }: ReportContent): Markup {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>Scenario</th>
          <th class="number">Cases</th>
          <th class="number">Failed</th>
          <th class="number">Inconclusive</th>
        </tr>
      </thead>
      <tbody>
        ${scenarios.map(
          ({ id, runs, failed, inconclusive }) =>
            html`<tr>
              <td><code>${id}</code></td>
              <td class="number">${runs}</td>
              <td class="number${failed > 0 ? " bad" : ""}">${failed}</td>
              <td class="number${inconclusive > 0 ? " open" : ""}">${inconclusive}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

const stateWords = {
  used: "failed as expected",
  unused: "did not fail: take the entry away",
  expired: "the entry has expired",
  unknown: "not decided by this run",
} as const;

function expectedSection({ expectedFailures }: ReportContent): Markup | undefined {
  if (expectedFailures.length === 0) return undefined;
  return html`<section>
    <h2>Expected failures</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Requirement</th>
            <th>Reason</th>
            <th>Until</th>
            <th>This run</th>
          </tr>
        </thead>
        <tbody>
          ${expectedFailures.map(
            ({ requirement, reason, expires, state, scenario, platform, transport, mismatch }) =>
              html`<tr>
                <td>
                  <code>${requirement}</code>${[scenario, platform, transport, mismatch].map((narrowed) =>
                    narrowed === undefined ? undefined : html` <span class="mark">${narrowed}</span>`,
                  )}
                </td>
                <td>${reason}</td>
                <td>${expires ?? "–"}</td>
                <td>${stateWords[state]}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function runFacts({ facts, run, harness, suite, tool }: ReportContent): Markup {
  const { features } = facts;
  const { name, version, vendor } = facts.target;
  const { host } = harness;
  const declared = Object.entries(features).map(
    ([name, value]) => `${name}: ${Array.isArray(value) ? value.join(", ") : String(value)}`,
  );
  const pairs: readonly (readonly [string, string])[] = [
    ["Target", `${name} ${version}${vendor === undefined ? "" : ` by ${vendor}`}`],
    ["Role and profile", `${facts.role}, ${facts.profile.id}`],
    ...(facts.app === undefined ? [] : [["App", appText(facts.app)] as const]),
    ["Declared", declared.join("; ")],
    ["Started", timeText(run.startedAt)],
    ["Took", durationText(run.durationMs)],
    ["Seed", String(run.seed)],
    ["Cases per scenario", String(run.runs)],
    ["Clock", facts.clock],
    ["Catalogue", `${suite.catalogueVersion} (${suite.hash.slice(0, 19)}…)`],
    ["Tool", `${tool.name} ${tool.version}`],
    [
      "Host",
      `${host.platform}, Node ${host.node}, ${host.cpus} CPUs; event loop late by at most ${Math.round(harness.worstEventLoopDelayMs)} ms`,
    ],
  ];
  return html`<dl class="pairs">
    ${pairs.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd> `,
    )}
  </dl>`;
}

/** What its adapter said of it. */
function appText({ name, version, vendor, telecom, maxDevices, features }: AppFacts): string {
  return [
    `${name} ${version}${vendor === undefined ? "" : ` by ${vendor}`}`,
    `Telecom ${telecom}`,
    `${maxDevices ?? "any number of"} devices at once`,
    ...(features.length === 0 ? [] : [`features ${features.join(", ")}`]),
  ].join("; ");
}

function marginTable({ harness: { margins } }: ReportContent): Markup {
  const room = ({ limitMs, actualMs }: Margin): number => limitMs - actualMs;
  const tightest = Object.entries(margins).toSorted(([, a], [, b]) => room(a) - room(b));
  if (tightest.length === 0) return html`<p>No passing requirement measured a time.</p>`;
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>Requirement</th>
          <th>Measured</th>
          <th class="number">Limit</th>
          <th class="number">Actual</th>
        </tr>
      </thead>
      <tbody>
        ${tightest.map(
          ([id, { what, limitMs, actualMs }]) =>
            html`<tr>
              <td><code>${id}</code></td>
              <td>${what}</td>
              <td class="number">${Math.round(limitMs)} ms</td>
              <td class="number">${Math.round(actualMs)} ms</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}
