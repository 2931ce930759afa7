import type { Ladder, LadderRow } from "./ladder.ts";

const laneWidth = 8;
const timeWidth = 9;
const totalWidth = 100;

/**
 * The ladder as plain text of at most 100 columns: time, lanes, what it is. `✗` marks the violating event, `•` the others it
 * rests on.
 */
export function ladderText({ lanes, rows }: Ladder): readonly string[] {
  const indexOf = new Map(lanes.map(({ lane }, index) => [lane, index]));
  const head = lanes.map(({ title }) => centred(title, laneWidth)).join("");
  return [
    `${" ".repeat(timeWidth + 2)}${head}`.trimEnd(),
    ...rows.map((row) => {
      const mark = row.role === "violation" ? "✗" : row.role === "evidence" ? "•" : " ";
      const time = (row.atMs / 1000).toFixed(3).padStart(timeWidth);
      const drawn = drawing(lanes.length, indexOf.get(row.from) ?? 0, indexOf.get(row.to) ?? 0);
      return cut(`${mark}${time} ${drawn} ${words(row)}`);
    }),
  ];
}

function words({ label, marks }: LadderRow): string {
  return [label, ...marks.map((mark) => `{${mark}}`)].join(" ");
}

/** A line per lane, and the arrow from one to the other, or a dot where something stands on one lane alone. */
function drawing(lanes: number, from: number, to: number): string {
  const characters = Array.from({ length: lanes * laneWidth }, (_, column): string =>
    column % laneWidth === laneWidth / 2 ? "│" : " ",
  );
  const [left, right] = [Math.min(from, to), Math.max(from, to)].map((lane) => lane * laneWidth + laneWidth / 2);
  if (left === undefined || right === undefined) return characters.join("");
  for (let column = left + 1; column < right; column += 1) characters[column] = "─";
  if (from === to) characters[left] = "●";
  else if (from < to) characters[right - 1] = "▶";
  else characters[left + 1] = "◀";
  return characters.join("");
}

function centred(text: string, width: number): string {
  const left = Math.max(0, Math.floor((width - text.length) / 2) + 1);
  return `${" ".repeat(left)}${text}`.padEnd(width).slice(0, width);
}

function cut(line: string): string {
  const characters = Array.from(line);
  return characters.length <= totalWidth ? line : `${characters.slice(0, totalWidth - 1).join("")}…`;
}
