import { describe, expect, test } from "vitest";
import { connectionOpened, findingAbout, pushOver, runTrace } from "../push/testing/run-trace.ts";
import { streamLimit } from "./stream-limit.ts";

const used = [connectionOpened("a"), pushOver("a")];

describe("apns/stream-limit", () => {
  test("passes when no connection that carried pushes drew a finding of its rule", () => {
    expect(streamLimit.judge(runTrace(used))).toEqual({ kind: "pass", evidence: [1] });
  });

  test("fails with streams-refused when a connection drew it", () => {
    const trace = runTrace([...used, findingAbout("apns/stream-limit", "streams-refused", 0)]);
    expect(streamLimit.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch: "streams-refused",
      basis: "content",
      evidence: [2, 0],
    });
  });

  test("is not exercised without a push", () => {
    expect(streamLimit.judge(runTrace([connectionOpened("a")]))).toEqual({ kind: "not-exercised" });
  });
});
