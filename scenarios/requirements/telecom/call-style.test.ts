import { describe, expect, test } from "vitest";
import { callStyle } from "./call-style.ts";
import { android, call, phone, wholeCall } from "./testing/android-ladder.ts";

describe("telecom/call-style", () => {
  test("passes for CallStyle", () => {
    expect(callStyle.judge(wholeCall().finished()).kind).toBe("pass");
  });

  test("fails for another style", () => {
    const t = android();
    const shown = t.posts(phone, call, { style: "standard" });
    expect(callStyle.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "not-call-style",
      actual: "style standard",
      evidence: [shown.seq],
    });
  });

  test("asks nothing of a notification that offers no answer", () => {
    const t = android();
    t.posts(phone, call, { style: "none", actions: [] });
    expect(callStyle.judge(t.finished())).toEqual({ kind: "not-exercised" });
  });
});
