import { describe, expect, test } from "vitest";
import { connectionOpened, findingAbout, pushOver, runTrace } from "../push/testing/run-trace.ts";
import { http2Priority } from "./http2-priority.ts";

const used = [connectionOpened("a"), pushOver("a")];

describe("apns/http2-priority", () => {
  test("passes when no connection that carried pushes drew a finding of its rule", () => {
    expect(http2Priority.judge(runTrace(used))).toEqual({ kind: "pass", evidence: [1] });
  });

  test("fails with priority-sent when a connection drew it", () => {
    const trace = runTrace([...used, findingAbout("apns/http2-priority", "priority-sent", 0)]);
    expect(http2Priority.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch: "priority-sent",
      basis: "content",
      evidence: [2, 0],
    });
  });

  test("is not exercised without a push", () => {
    expect(http2Priority.judge(runTrace([connectionOpened("a")]))).toEqual({ kind: "not-exercised" });
  });
});
