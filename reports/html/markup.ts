import { visibleText } from "../text/visible-text.ts";

/** HTML that is safe to put into a page. Only `html` makes it. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Part[] | undefined;

/**
 * HTML from a template: what stands in it literally is markup, every value is text and escaped (as content and as quoted
 * attribute), with what hides or acts on a reader spelled out. Markup and lists of it go in as they are; undefined as nothing.
 */
export function html(template: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return { markup: template.map((text, index) => (index === 0 ? "" : render(values[index - 1])) + text).join("") };
}

/** Text that RingTrue itself wrote and that must not be escaped: the page's own style and script. */
export function trusted(text: string): Markup {
  return { markup: text };
}

function render(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return escaped(part);
  return "markup" in part ? part.markup : part.map(render).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return visibleText(text).replaceAll(/[&<>"']/gu, (character) => entities[character] ?? "");
}
