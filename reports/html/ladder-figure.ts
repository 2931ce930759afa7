import type { Ladder, LadderRow } from "../ladder/ladder.ts";
import { ladderExcerpt } from "../ladder/ladder-excerpt.ts";
import { plural } from "../text/words.ts";
import { html, trusted, type Markup } from "./markup.ts";

const mostRows = 300;
const longestDetail = 16_384;

/** The ladder as rows of HTML: time, arrow between lanes, label; a row with a message opens to show it. */
export function ladderFigure(ladder: Ladder): Markup {
  const { lanes, rows, before, after } = ladderExcerpt(ladder, mostRows);
  const indexOf = new Map(lanes.map(({ lane }, index) => [lane, index]));
  const leftOut = (count: number): Markup | undefined =>
    count === 0 ? undefined : html`<p class="left-out">${plural(count, "event")} left out; the trace has them all</p>`;
  return html`<div class="ladder" style="--lanes:${lanes.length}">
    <div class="row head" aria-hidden="true">
      <span class="time">s</span>
      <span class="lanes">${lanes.map(({ title }) => html`<span>${title}</span>`)}</span>
      <span class="label"></span>
    </div>
    ${leftOut(before)}
    ${rows.map((row) => ladderRow(row, lanes.length, indexOf.get(row.from) ?? 0, indexOf.get(row.to) ?? 0))}
    ${leftOut(after)}
  </div>`;
}

function ladderRow(row: LadderRow, lanes: number, from: number, to: number): Markup {
  const ends = row.from === row.to ? row.from : `${row.from} to ${row.to}`;
  const line = html`<span class="time">${(row.atMs / 1000).toFixed(3)}</span>
    <span class="lanes">${arrow(lanes, from, to)}</span>
    <span class="label">
      <span class="unseen">${ends}:</span>
      <span class="what">${row.label}</span>
      ${roleTag(row)} ${row.marks.map((mark) => html`<span class="mark">${mark}</span> `)}
    </span>`;
  const classes = `row${row.role === undefined ? "" : ` ${row.role}`}`;
  if (row.detail === undefined || row.detail === "") return html`<div class="${classes}">${line}</div> `;
  return html`<details class="${classes}">
    <summary>${line}</summary>
    <pre>${cut(row.detail)}</pre>
  </details> `;
}

function roleTag({ role }: LadderRow): Markup | undefined {
  if (role === "violation") return html`<span class="tag">✗ violation</span>`;
  return role === "evidence" ? html`<span class="tag">evidence</span>` : undefined;
}

/** Placed in per cent of the lanes' width, so that it fits any screen. */
function arrow(lanes: number, from: number, to: number): Markup {
  const centre = (lane: number): number => ((lane + 0.5) / lanes) * 100;
  const place = (left: number, width: number): Markup =>
    trusted(`left:${left.toFixed(3)}%${width === 0 ? "" : `;width:${width.toFixed(3)}%`}`);
  if (from === to) return html`<span class="dot" style="${place(centre(from), 0)}"></span>`;
  const left = Math.min(centre(from), centre(to));
  const width = Math.abs(centre(to) - centre(from));
  return html`<span class="arrow ${from < to ? "right" : "left"}" style="${place(left, width)}"></span>`;
}

function cut(detail: string): string {
  if (detail.length <= longestDetail) return detail;
  return `${detail.slice(0, longestDetail)}\n… ${detail.length - longestDetail} more characters; the trace has them all`;
}
