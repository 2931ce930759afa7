import { describe, expect, test } from "vitest";
import { registerAnswered } from "./register-answered.ts";
import { connected, silence } from "./testing/ladders.ts";

describe("sip/register-answered", () => {
  test("passes with the tightest margin", () => {
    const ladder = connected();
    ladder.registers("phone:1");
    expect(registerAnswered.judge(ladder.finished())).toMatchObject({
      kind: "pass",
      margins: [{ what: "a final response to REGISTER", limitMs: 2000, actualMs: 10 }],
    });
  });

  test("passes for a refusal: it is a final response", () => {
    const ladder = connected();
    ladder.registers("phone:1", { status: 403 });
    expect(registerAnswered.judge(ladder.finished()).kind).toBe("pass");
  });

  test("fails when the second REGISTER is ignored", () => {
    const ladder = connected({ deadlines: { absenceMs: 2500 } });
    const ignored = ladder.registering("phone:1");
    expect(registerAnswered.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch: "no-response",
      basis: "deadline",
      evidence: [ignored.seq],
    });
  });

  test("is inconclusive when the case ended before the limit", () => {
    const ladder = connected();
    ladder.registering("phone:1");
    expect(registerAnswered.judge(ladder.finished())).toMatchObject({ kind: "inconclusive" });
    expect(registerAnswered.judge(ladder.capped())).toMatchObject({ kind: "inconclusive" });
  });

  test("asks nothing when the phone's socket closed or the REGISTER was lost", () => {
    const ladder = connected({ deadlines: { absenceMs: 2500 } });
    ladder.registering("phone:1", { fate: "lost" });
    ladder.registering("phone:1");
    ladder.sleeps("phone:1");
    expect(registerAnswered.judge(ladder.finished()).kind).toBe("pass");
  });

  test("is not exercised without a REGISTER", () => {
    expect(registerAnswered.judge(silence().finished())).toEqual({ kind: "not-exercised" });
  });
});
