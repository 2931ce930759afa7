import { expect, test } from "vitest";
import { requirements } from "../../scenarios/catalogue.ts";
import { faults } from "../../scenarios/faults/faults.ts";
import { matrixMarkdown } from "./matrix-markdown.ts";

test("the documented kill matrix is the one that is played", async () => {
  await expect(matrixMarkdown()).toMatchFileSnapshot("../../docs/kill-matrix.md");
});

test("every requirement has a fault, every fault a requirement, and no name stands for two", () => {
  const broken = new Set<string>(faults.map(({ breaks }) => breaks));
  expect(requirements.filter(({ id }) => !broken.has(id)).map(({ id }) => id)).toEqual([]);
  const known = new Set<string>(requirements.map(({ id }) => id));
  const named = faults.flatMap(({ breaks, alsoBreaks }) => [breaks, ...alsoBreaks]);
  expect(named.filter((id) => !known.has(id))).toEqual([]);
  expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
});

test("a must quotes its source word for word, and good sense of our own is at most a should", () => {
  for (const { id, level, origin, sources } of requirements) {
    if (level === "must") {
      expect(origin, id).not.toBe("house");
      expect(
        sources.some(({ quote }) => quote.trim() !== ""),
        id,
      ).toBe(true);
    }
    expect(id).toMatch(/^[a-z]+\/[a-z0-9-]+$/);
  }
  expect(new Set(requirements.map(({ id }) => id)).size).toBe(requirements.length);
});
