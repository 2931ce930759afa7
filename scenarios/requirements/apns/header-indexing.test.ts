import { describe, expect, test } from "vitest";
import { connectionOpened, findingAbout, pushOver, runTrace } from "../push/testing/run-trace.ts";
import { headerIndexing } from "./header-indexing.ts";

const used = [connectionOpened("a"), pushOver("a")];

describe("apns/header-indexing", () => {
  test("passes when no connection that carried pushes drew a finding of its rule", () => {
    expect(headerIndexing.judge(runTrace(used))).toEqual({ kind: "pass", evidence: [1] });
  });

  test.each(["indexed-field", "reindexed-field"])("fails with %s when a connection drew it", (mismatch) => {
    const trace = runTrace([...used, findingAbout("apns/header-indexing", mismatch, 0)]);
    expect(headerIndexing.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch,
      basis: "content",
      evidence: [2, 0],
    });
  });

  test("is not exercised without a push", () => {
    expect(headerIndexing.judge(runTrace([connectionOpened("a")]))).toEqual({ kind: "not-exercised" });
  });
});
