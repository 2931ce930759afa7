import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reportContent } from "../report-content.ts";
import { sampleClientRun } from "../testing/sample-client-run.ts";
import { sampleRun } from "../testing/sample-run.ts";
import { failureArticle } from "./failure-article.ts";
import { htmlReport } from "./html-report.ts";
import { html } from "./markup.ts";

function report(...sample: Parameters<typeof sampleRun>): string {
  const { result, context } = sampleRun(...sample);
  return htmlReport(result, context);
}

function tagsOf(page: string): readonly string[] {
  return page.match(/<\/?[a-z][^\s>]*/giu) ?? [];
}

describe("index.html", () => {
  test("shows a failure as it always did", async () => {
    const { result, context } = sampleRun();
    const { failures, outcomes } = reportContent(result, context);
    const [failure] = failures;
    const outcome = outcomes.find(({ requirement }) => requirement.id === failure?.requirement);
    if (failure === undefined || outcome === undefined) throw new Error("the sample has a failure");
    await expect(`${failureArticle(failure, outcome).markup}\n`).toMatchFileSnapshot("./failure-article.golden.html");
  });

  test("names every requirement and what it came to", () => {
    const { result, context } = sampleRun();
    const page = htmlReport(result, context);
    for (const id of result.selected.requirements) expect(page).toContain(`<code>${id}</code>`);
    for (const words of ["passed", "failed as expected", "inconclusive", "not exercised", "not applicable"]) {
      expect(page).toContain(words);
    }
    expect(page).toContain("it applies to delivery parallel");
    expect(page).toContain("npx ringtrue replay ringtrue-report/counterexamples/flow-no-cancel-push/replay.json");
  });

  test("loads nothing from anywhere", () => {
    expect(report()).not.toMatch(/\b(src|srcset|data-src)=|@import|url\(|<link|https?:/iu);
  });

  test("has the same tags whatever a target sends", () => {
    const expected = tagsOf(report({ hostile: "plain" }));
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 30 }), (text) => {
        expect(tagsOf(report({ hostile: `x${text}"><script>alert(1)</script><img onerror='x'>` }))).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  test("of an app says which it is, and has the same tags whatever it sends", () => {
    const pageOf = (hostile: string): string => {
      const { result, context } = sampleClientRun(hostile);
      return htmlReport(result, context);
    };
    expect(pageOf("")).toContain("Acme Phone 5.1 by Acme; Telecom core; 8 devices at once; features video");
    expect(pageOf("")).toContain("client, profile rfc8599");
    expect(pageOf("")).toContain("provider.perform: answer");
    expect(tagsOf(pageOf(`"><script>alert(1)</script><img onerror='x'>`))).toEqual(tagsOf(pageOf("plain")));
  });

  test("makes visible what would turn the text around", () => {
    const page = report({ hostile: "\u202e\u2028" });
    expect(page).not.toMatch(/[\u202e\u2028]/u);
    expect(page).toContain("⟨U+202E⟩⟨U+2028⟩");
  });
});

test("values are escaped in content and in attributes, markup and lists of it are not", () => {
  const items = ["<a>", "&"].map((item) => html`<li>${item}</li>`);
  const { markup } = html`<ul title="${`"'`}">
    ${items}${undefined}${7}
  </ul>`;
  expect(markup.replaceAll(/\s+/gu, " ")).toBe('<ul title="&quot;&#39;"> <li>&lt;a&gt;</li><li>&amp;</li>7 </ul>');
});
