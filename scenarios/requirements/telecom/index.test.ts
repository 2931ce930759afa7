import { describe, expect, test } from "vitest";
import { judgeTrace } from "../../../harness/judge/judge-trace.ts";
import { telecomRequirements } from "./index.ts";
import { android, cancelledCall, wholeCall } from "./testing/android-ladder.ts";

describe("the requirements about Android", () => {
  test("have ids of their own, a quoted sentence each, and no must of RingTrue's own", () => {
    expect(new Set(telecomRequirements.map(({ id }) => id)).size).toBe(11);
    for (const { id, level, origin, role, sources } of telecomRequirements) {
      expect(id).toMatch(/^telecom\/[a-z-]+$/u);
      expect(role).toBe("client");
      expect(sources.length > 0 && sources.every(({ quote }) => quote.length > 20)).toBe(true);
      expect(level === "must" && origin === "house").toBe(false);
    }
  });

  test.each(["self-managed", "managed", "core", "none"] as const)(
    "fail nothing in whole calls with telecom %s",
    (telecom) => {
      for (const play of [wholeCall, cancelledCall]) {
        const verdicts = Object.entries(judgeTrace(play({ app: { telecom } }).finished(), telecomRequirements));
        expect(verdicts.filter(([, { kind }]) => kind === "fail" || kind === "inconclusive")).toEqual([]);
      }
    },
  );

  test("are not exercised by a phone nobody calls", () => {
    const verdicts = Object.values(judgeTrace(android().finished(), telecomRequirements));
    expect(verdicts.every(({ kind }) => kind === "not-exercised")).toBe(true);
  });
});
