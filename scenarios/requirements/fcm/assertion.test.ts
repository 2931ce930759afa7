import { describe, expect, test } from "vitest";
import { accessToken, connectionOpened, findingAbout, pushOver, runTrace } from "../push/testing/run-trace.ts";
import { assertion } from "./assertion.ts";

describe("fcm/assertion", () => {
  test("passes when the token endpoint took every assertion", () => {
    const trace = runTrace([connectionOpened("a", "fcm"), accessToken("a", "x"), pushOver("b", "fcm")]);
    expect(assertion.judge(trace)).toEqual({ kind: "pass", evidence: [1] });
  });

  test.each([
    "wrong-grant-type",
    "not-a-jwt",
    "wrong-algorithm",
    "bad-signature",
    "unknown-account",
    "wrong-audience",
    "bad-times",
    "lifetime-too-long",
    "no-scope",
    "unknown-scope",
  ])("fails with %s when the token endpoint found it", (mismatch) => {
    const trace = runTrace([
      connectionOpened("a", "fcm"),
      accessToken("a"),
      findingAbout("fcm/assertion", mismatch, 1),
    ]);
    expect(assertion.judge(trace)).toMatchObject({ kind: "fail", mismatch, basis: "content", evidence: [2, 1] });
  });

  test("is not exercised by messages alone", () => {
    expect(assertion.judge(runTrace([pushOver("a", "fcm")]))).toEqual({ kind: "not-exercised" });
  });
});
