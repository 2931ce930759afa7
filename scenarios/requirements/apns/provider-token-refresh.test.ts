import { describe, expect, test } from "vitest";
import type { EventBody } from "../../../harness/trace/trace-event.ts";
import { providerTokenRefresh } from "./provider-token-refresh.ts";
import { connectionOpened, pushOver, runTrace } from "../push/testing/run-trace.ts";

const minuteMs = 60_000;

function token(
  atMs: number,
  fingerprint: string,
  issuedAtS?: number,
  connection = "a",
): EventBody & { readonly atMs: number } {
  return {
    kind: "connection.provider-token",
    service: "apns",
    connection,
    fingerprint,
    atMs,
    ...(issuedAtS === undefined ? {} : { issuedAtS }),
  };
}

describe("apns/provider-token-refresh", () => {
  test("passes for one token per connection", () => {
    const trace = runTrace([token(0, "x", 1000), token(10, "x", 1000, "b")]);
    expect(providerTokenRefresh.judge(trace)).toEqual({ kind: "pass", evidence: [0, 1] });
  });

  test("passes when a token is renewed after twenty minutes", () => {
    const trace = runTrace([token(0, "x", 1000), token(20 * minuteMs, "y", 2200)]);
    expect(providerTokenRefresh.judge(trace).kind).toBe("pass");
  });

  test("fails when tokens issued a second apart follow each other", () => {
    const trace = runTrace([token(0, "x", 1000), token(5000, "y", 1001)]);
    expect(providerTokenRefresh.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch: "refreshed-too-often",
      actual: "another provider token 5 s after the one before, issued 1 s after it",
      evidence: [0, 1],
    });
  });

  test("fails when the time of issue is unknown and the token differs", () => {
    const trace = runTrace([token(0, "x"), token(5000, "y")]);
    expect(providerTokenRefresh.judge(trace)).toMatchObject({ kind: "fail", mismatch: "refreshed-too-often" });
  });

  test("takes the same claims signed again for the same token", () => {
    const trace = runTrace([token(0, "x", 1000), token(5000, "y", 1000)]);
    expect(providerTokenRefresh.judge(trace).kind).toBe("pass");
  });

  test("allows a renewal that was due soon after the connection opened", () => {
    const trace = runTrace([token(0, "x", 1000), token(2 * minuteMs, "y", 1000 + 50 * 60)]);
    expect(providerTokenRefresh.judge(trace).kind).toBe("pass");
  });

  test("passes for pushes over a connection with an accepted client certificate, which needs no token", () => {
    const opened = (accepted: boolean): EventBody => ({
      ...(connectionOpened("a") as EventBody & { readonly kind: "connection.opened" }),
      clientCertificate: { subject: "UID=test.app", accepted },
    });
    expect(providerTokenRefresh.judge(runTrace([opened(true), pushOver("a")]))).toEqual({
      kind: "pass",
      evidence: [1],
    });
    expect(providerTokenRefresh.judge(runTrace([opened(false), pushOver("a")]))).toEqual({ kind: "not-exercised" });
  });

  test("is not exercised without provider tokens", () => {
    expect(providerTokenRefresh.judge(runTrace([]))).toEqual({ kind: "not-exercised" });
  });
});
