import { visibleText } from "../text/visible-text.ts";

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlElement | string)[];
}

export function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly (XmlElement | string)[],
): XmlElement {
  return { name, attributes, children };
}

/** An element as XML 1.0. What XML cannot hold (most control characters, section 2.2) is spelled out. */
export function xmlText({ name, attributes, children }: XmlElement, indent = ""): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value, true)}"`);
  const start = `${indent}<${name}${written.join("")}`;
  if (children.length === 0) return `${start}/>`;
  const content = children.map((child) =>
    typeof child === "string" ? escaped(child, false) : `\n${xmlText(child, `${indent}  `)}`,
  );
  const isText = children.every((child) => typeof child === "string");
  return `${start}>${content.join("")}${isText ? "" : `\n${indent}`}</${name}>`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\t": "&#9;",
};

/** Line ends and tabs in attributes would be read as spaces (section 3.3.3). */
function escaped(text: string, isAttribute: boolean): string {
  return visibleText(text).replaceAll(
    isAttribute ? /[&<>"\n\t]/gu : /[&<>]/gu,
    (character) => entities[character] ?? "",
  );
}
