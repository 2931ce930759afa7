import { describe, expect, test } from "vitest";
import { userDecides } from "./user-decides.ts";
import { call, cancelledCall, platforms, ringing, wholeCall } from "./testing/app-stage.ts";

describe.each(platforms)("flow/user-decides on %s", (platform) => {
  test("passes where the user answered first", () => {
    expect(userDecides.judge(wholeCall(platform).finished()).kind).toBe("pass");
  });

  test("fails where nobody did, or only later", () => {
    const t = ringing(platform);
    const answer = t.accepts();
    const verdict = userDecides.judge(t.finished());
    expect(verdict).toMatchObject({ kind: "fail", mismatch: "answered-unasked", basis: "content" });
    expect(verdict.kind === "fail" && verdict.evidence.at(-1)).toBe(answer.seq);
    t.answersCall(call);
    expect(userDecides.judge(t.finished())).toMatchObject({ mismatch: "answered-unasked", basis: "order" });
  });

  test("is not exercised by a call that is not accepted", () => {
    expect(userDecides.judge(cancelledCall(platform).finished())).toEqual({ kind: "not-exercised" });
  });
});
