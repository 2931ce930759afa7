import { describe, expect, test } from "vitest";
import { accessToken, pushOver, runTrace } from "../push/testing/run-trace.ts";
import { accessTokenReuse } from "./access-token-reuse.ts";

const names = ["a", "b", "c", "d"];

describe("fcm/access-token-reuse", () => {
  test("passes when messages share an access token", () => {
    const trace = runTrace([accessToken("oauth", "x"), ...names.map(() => pushOver("a", "fcm"))]);
    expect(accessTokenReuse.judge(trace)).toEqual({ kind: "pass", evidence: [0] });
  });

  test("passes when a token that was refused had to be replaced", () => {
    const trace = runTrace([
      accessToken("oauth", "x"),
      accessToken("oauth", "y"),
      ...names.map(() => pushOver("a", "fcm")),
    ]);
    expect(accessTokenReuse.judge(trace).kind).toBe("pass");
  });

  test("fails when every message has an access token of its own", () => {
    const trace = runTrace(names.flatMap((name) => [accessToken("oauth", name), pushOver("a", "fcm")]));
    expect(accessTokenReuse.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch: "token-per-push",
      actual: "4 access tokens fetched for 4 messages",
      evidence: [0, 2, 4, 6],
    });
  });

  test("is not exercised by fewer than four messages, by refused assertions or by messages of APNs", () => {
    const few = names.slice(1).flatMap((name) => [accessToken("oauth", name), pushOver("a", "fcm")]);
    const refused = names.flatMap(() => [accessToken("oauth"), pushOver("a", "fcm")]);
    const others = names.flatMap((name) => [accessToken("oauth", name), pushOver("a")]);
    for (const events of [few, refused, others])
      expect(accessTokenReuse.judge(runTrace(events))).toEqual({ kind: "not-exercised" });
  });
});
