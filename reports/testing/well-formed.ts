const name = "[A-Za-z][A-Za-z0-9-]*";
const text = "[^<&]|&(?:amp|lt|gt|quot|#\\d+);";
const token = new RegExp(
  [
    `<\\?xml [^?]*\\?>`,
    `<(?<open>${name})(?:\\s+${name}="(?:(?!")(?:${text}))*")*\\s*(?<empty>/)?>`,
    `</(?<close>${name})>`,
    `(?:${text})`,
  ].join("|"),
  "uy",
);
// XML 1.0, section 2.2.
const noCharacter = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** Why a document of elements, attributes and text is not well-formed XML 1.0; undefined when it is. */
export function whyNotWellFormed(document: string): string | undefined {
  const bad = noCharacter.exec(document);
  if (bad !== null) return `a character that XML cannot hold at ${bad.index}`;
  const open: string[] = [];
  let roots = 0;
  token.lastIndex = 0;
  while (token.lastIndex < document.length) {
    const at = token.lastIndex;
    const found = token.exec(document)?.groups;
    if (found === undefined) {
      if (token.lastIndex === at || token.lastIndex === 0) return `no markup at ${at}: ${document.slice(at, at + 40)}`;
      continue;
    }
    if (found["open"] !== undefined) {
      if (open.length === 0) roots += 1;
      if (found["empty"] === undefined) open.push(found["open"]);
    }
    if (found["close"] !== undefined && open.pop() !== found["close"]) return `</${found["close"]}> closes nothing`;
  }
  if (open.length > 0) return `<${open.join("><")}> never end`;
  return roots === 1 ? undefined : `${roots} root elements`;
}
