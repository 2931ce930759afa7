import { describe, expect, test } from "vitest";
import { faultyText } from "./testing/config-text.ts";
import { failedIn, reportOf } from "./testing/report-of.ts";
import { type Workplace, workplace } from "./testing/workplace.ts";

interface StoredCase {
  readonly id: string;
  readonly plan: unknown;
  readonly verdicts: Readonly<Record<string, { readonly kind: string; readonly mismatch?: string }>>;
}

async function casesOf(place: Workplace, seed: number): Promise<readonly StoredCase[]> {
  place.write("ringtrue.config.mjs", faultyText("topic-without-voip"));
  const selection = ["--scenario", "caller-hangup", "--requirement", "apns/topic", "--requirement", "apns/priority"];
  const { code } = await place.run(
    "run",
    "--runs",
    "4",
    "--seed",
    String(seed),
    "--report-dir",
    "report",
    "--no-shrink",
    ...selection,
  );
  expect(code).toBe(1);
  const lines = Object.values(place.files("report")["report/cases.ndjson"]?.trim().split("\n") ?? []);
  return lines.map((line) => JSON.parse(line) as StoredCase);
}

describe("a seed", () => {
  test("draws the same plans and finds the same failures again, and another seed draws others", async ({
    onTestFinished,
  }) => {
    const [first, again, other] = [workplace(onTestFinished), workplace(onTestFinished), workplace(onTestFinished)];
    const [one, two, three] = await Promise.all([casesOf(first, 7), casesOf(again, 7), casesOf(other, 8)]);
    const told = (cases: readonly StoredCase[]): unknown =>
      cases.map(({ id, plan, verdicts }) => ({ id, plan, topic: verdicts["apns/topic"]?.mismatch }));
    expect(told(two)).toEqual(told(one));
    expect(one.some(({ verdicts }) => verdicts["apns/topic"]?.kind === "fail")).toBe(true);
    expect(failedIn(reportOf(first))).toEqual(["apns/topic"]);
    expect(failedIn(reportOf(again))).toEqual(["apns/topic"]);
    expect(three.map(({ plan }) => plan)).not.toEqual(one.map(({ plan }) => plan));
  });
});
