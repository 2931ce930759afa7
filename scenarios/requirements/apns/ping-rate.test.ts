import { describe, expect, test } from "vitest";
import { connectionOpened, findingAbout, pushOver, runTrace } from "../push/testing/run-trace.ts";
import { pingRate } from "./ping-rate.ts";

const used = [connectionOpened("a"), pushOver("a")];

describe("apns/ping-rate", () => {
  test("passes when no connection that carried pushes drew a finding of its rule", () => {
    expect(pingRate.judge(runTrace(used))).toEqual({ kind: "pass", evidence: [1] });
  });

  test("fails with too-many-pings when a connection drew it", () => {
    const trace = runTrace([...used, findingAbout("apns/ping-rate", "too-many-pings", 0)]);
    expect(pingRate.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch: "too-many-pings",
      basis: "content",
      evidence: [2, 0],
    });
  });

  test("is not exercised without a push", () => {
    expect(pingRate.judge(runTrace([connectionOpened("a")]))).toEqual({ kind: "not-exercised" });
  });
});
