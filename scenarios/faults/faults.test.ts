import { describe, expect, test } from "vitest";
import { testFacts } from "../../harness/judge/testing/default-facts.ts";
import { parsePlan } from "../../harness/plan/parse-plan.ts";
import { unmetNeeds } from "../../harness/plan/plan-needs.ts";
import { families } from "../families/index.ts";
import { faults } from "./faults.ts";

const facts = testFacts();

test("every requirement that a family exercises has a fault that breaks it", () => {
  const broken = new Set<string>(faults.map(({ breaks }) => breaks));
  const exercised = new Set(families.flatMap(({ exercises }) => exercises));
  expect([...exercised].filter((id) => !broken.has(id))).toEqual([]);
  expect([...broken].filter((id) => !exercised.has(id))).toEqual([]);
});

test("no two faults of a reference target share a name", () => {
  const names = faults.map(({ reference, name }) => `${reference} ${name}`);
  expect(new Set(names).size).toBe(names.length);
});

test("what is wrong with a push shows on phones of the push service it goes through", () => {
  const platforms = faults.map(({ name, breaks, witness }) => {
    const phones = witness(facts).phones.map(({ platform }) => platform);
    return { name, area: breaks.split("/")[0], platform: [...new Set(phones)].join(" and ") };
  });
  expect(platforms.filter(({ area, platform }) => area === "fcm" && platform !== "android")).toEqual([]);
  expect(platforms.filter(({ area, platform }) => area === "apns" && platform !== "ios")).toEqual([]);
});

describe.each(faults)("$name", ({ witness, breaks }) => {
  test("shows under a plan that can be played, of a family that exercises what it breaks", () => {
    const plan = witness(facts);
    expect(parsePlan(plan)).toEqual(plan);
    expect(unmetNeeds(plan, facts.features)).toEqual([]);
    expect(families.find(({ id }) => id === plan.scenario)?.exercises).toContain(breaks);
  });
});
