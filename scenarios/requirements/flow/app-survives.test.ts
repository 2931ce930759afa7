import { describe, expect, test } from "vitest";
import { appSurvives } from "./app-survives.ts";
import { phone, ringing, stage, wholeCall } from "./testing/app-stage.ts";

describe("flow/app-survives", () => {
  test("passes where the app is there in the end, or was ended by others", () => {
    expect(appSurvives.judge(wholeCall("ios").finished()).kind).toBe("pass");
    expect(appSurvives.judge(wholeCall("ios").capped()).kind).toBe("inconclusive");
    const ended = ringing("ios");
    ended.terminates(phone, "unreported-push");
    expect(appSurvives.judge(ended.finished()).kind).toBe("pass");
  });

  test.each(["crashed", "ForegroundServiceDidNotStartInTimeException"])("fails where it is terminated: %s", (why) => {
    const t = ringing("android");
    const died = t.terminates(phone, why, { message: "index 3" });
    const verdict = appSurvives.judge(t.finished());
    expect(verdict).toMatchObject({ kind: "fail", mismatch: "crashed", actual: `${why}: index 3` });
    expect(verdict.kind === "fail" && verdict.evidence.at(-1)).toBe(died.seq);
  });

  test("fails where the adapter says so, or ends", () => {
    const told = ringing("ios");
    const body = { kind: "link.notification", method: "device.died", params: { message: "boom" } } as const;
    const died = told.event("target", "os", body, { phone });
    const verdict = appSurvives.judge(told.finished());
    expect(verdict).toMatchObject({ mismatch: "crashed" });
    expect(verdict.kind === "fail" && verdict.evidence.at(-1)).toBe(died.seq);
    expect(appSurvives.judge(ringing("ios").targetDied())).toMatchObject({
      mismatch: "crashed",
      actual: "the adapter exited with SIGSEGV",
    });
  });

  test("is not exercised by a phone nobody called", () => {
    expect(appSurvives.judge(stage("ios").finished())).toEqual({ kind: "not-exercised" });
  });
});
