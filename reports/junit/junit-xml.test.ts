import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleRun } from "../testing/sample-run.ts";
import { whyNotWellFormed } from "../testing/well-formed.ts";
import { junitXml } from "./junit-xml.ts";
import { element, xmlText } from "./xml.ts";

function junit(...sample: Parameters<typeof sampleRun>): string {
  const { result, context } = sampleRun(...sample);
  return junitXml(result, context);
}

/** What stands in the test case of that name. */
function caseOf(xml: string, name: string): string {
  return new RegExp(`<testcase [^>]*name="${name}"[^>]*?(/>|>[^]*?</testcase>)`, "u").exec(xml)?.[0] ?? "";
}

describe("junit.xml", () => {
  test("is as it always was for the sample run", async () => {
    await expect(junit()).toMatchFileSnapshot("./junit.golden.xml");
  });

  test("tells each kind of result in words that CI knows", () => {
    const xml = junit();
    expect(caseOf(xml, "flow/no-cancel-push")).toContain('type="pushed-after-end"');
    expect(caseOf(xml, "sip/trying-in-time")).toContain('type="inconclusive"');
    expect(caseOf(xml, "apns/topic")).toBe('<testcase classname="apns" name="apns/topic" time="0.000"/>');
    expect(caseOf(xml, "apns/expiration")).toContain('<skipped message="failed as expected (too-late): ACME-12"');
    expect(caseOf(xml, "flow/one-live-invite")).toContain(
      '<skipped message="not-applicable: it applies to delivery parallel"',
    );
    expect(caseOf(xml, "flow/logged-out-not-pushed")).toContain('<skipped message="not-exercised');
    expect(caseOf(xml, "flow/push-video-flag")).toContain("a should does not count");
  });

  test("shoulds that fail are failures in a strict run", () => {
    expect(caseOf(junit({ result: { strict: true } }), "flow/push-video-flag")).toContain(
      '<failure message="video-flag-differs',
    );
  });

  test("a run that came to nothing is red although no requirement failed", () => {
    const nothing = { cases: [], counterexamples: [], runScope: {}, expectedFailures: [] };
    const xml = junit({ result: { ...nothing, ended: "error", error: "the target never became ready" } });
    expect(caseOf(xml, "run/verdict")).toContain('<failure message="ERROR: the target never became ready"');
  });

  test("its sums are those of its test cases", () => {
    const xml = junit();
    const sum = (name: string): number => Number(new RegExp(`<testsuites [^>]*${name}="(\\d+)"`, "u").exec(xml)?.[1]);
    expect(sum("tests")).toBe(xml.split("<testcase ").length - 1);
    expect(sum("failures")).toBe(xml.split("<failure ").length - 1);
    expect(sum("skipped")).toBe(xml.split("<skipped ").length - 1);
  });

  test("is well-formed whatever a target sends", () => {
    expect(whyNotWellFormed(junit())).toBeUndefined();
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (hostile) => {
        expect(whyNotWellFormed(junit({ hostile: `${hostile}]]>&<"` }))).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });
});

test("line ends in attributes come through as they are", () => {
  expect(xmlText(element("a", { b: 'x\n"y"' }, ["1 < 2 & 3"]))).toBe('<a b="x&#10;&quot;y&quot;">1 &lt; 2 &amp; 3</a>');
});

test("the check for well-formed XML finds what is not", () => {
  for (const bad of ["<a>", "<a></b>", "<a b=c/>", "<a>&</a>", '<a b="<"/>', "<a>\u0001</a>", "<a/><b/>", "</a>"]) {
    expect(whyNotWellFormed(bad)).toBeDefined();
  }
});
