import { expect, test } from "vitest";
import { requirements } from "../../scenarios/catalogue.ts";
import { clientFaults } from "../../scenarios/faults/client-faults.ts";
import { faults } from "../../scenarios/faults/faults.ts";
import { serverFaults } from "../../scenarios/faults/server-faults.ts";
import { matrixMarkdown } from "./matrix-markdown.ts";

test("the documented kill matrix is the one that is played", async () => {
  await expect(matrixMarkdown()).toMatchFileSnapshot("../../docs/kill-matrix.md");
});

test("every requirement has a fault, every fault a requirement, and no name stands for two in a role", () => {
  const broken = new Set<string>(faults.map(({ breaks }) => breaks));
  expect(requirements.filter(({ id }) => !broken.has(id)).map(({ id }) => id)).toEqual([]);
  const known = new Set<string>(requirements.map(({ id }) => id));
  const named = faults.flatMap(({ breaks, alsoBreaks }) => [breaks, ...alsoBreaks]);
  expect(named.filter((id) => !known.has(id))).toEqual([]);
  for (const list of [serverFaults, clientFaults]) {
    expect(new Set(list.map(({ name }) => name)).size).toBe(list.length);
  }
});

test("a must quotes its source word for word, and good sense of our own is at most a should", () => {
  const musts = requirements.filter(({ level }) => level === "must");
  const unquoted = musts.filter(({ sources }) => !sources.some(({ quote }) => quote.trim() !== ""));
  expect(musts.filter(({ origin }) => origin === "house").map(({ id }) => id)).toEqual([]);
  expect(unquoted.map(({ id }) => id)).toEqual([]);
});

test("ids are kebab-case in an area, and unique", () => {
  expect(requirements.filter(({ id }) => !/^[a-z]+\/[a-z0-9-]+$/.test(id)).map(({ id }) => id)).toEqual([]);
  expect(new Set(requirements.map(({ id }) => id)).size).toBe(requirements.length);
});
