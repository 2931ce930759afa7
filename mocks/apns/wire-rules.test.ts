import { describe, expect, test } from "vitest";
import { findingOf, wireRules } from "./wire-rules.ts";

describe("what the wire notes", () => {
  test.each(Object.entries(wireRules))("is a finding of its own rule: %s", (kind, rule) => {
    const note = { kind: kind as keyof typeof wireRules, detail: "seen" };
    expect(findingOf(note)).toEqual({
      rule: rule.id,
      mismatch: rule.mismatch,
      expected: rule.expected,
      actual: "seen",
    });
  });
});
