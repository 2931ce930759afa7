import { describe, expect, test } from "vitest";
import { fullScreenIntent } from "./full-screen-intent.ts";
import { android, call, phone, wholeCall } from "./testing/android-ladder.ts";

describe("telecom/full-screen-intent", () => {
  test("passes for a notification with one", () => {
    expect(fullScreenIntent.judge(wholeCall().finished()).kind).toBe("pass");
  });

  test("fails for one without", () => {
    const t = android();
    const shown = t.posts(phone, call, { fullScreenIntent: false });
    expect(fullScreenIntent.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "no-full-screen-intent",
      evidence: [shown.seq],
    });
  });

  test("asks nothing where the user does not permit it, or nothing is offered", () => {
    const t = android({
      phones: [{ app: "background", signalling: "connected", settings: { fullScreenIntent: false } }],
    });
    t.posts(phone, call, { fullScreenIntent: false });
    expect(fullScreenIntent.judge(t.finished())).toEqual({ kind: "not-exercised" });
    expect(fullScreenIntent.judge(android().finished())).toEqual({ kind: "not-exercised" });
  });
});
