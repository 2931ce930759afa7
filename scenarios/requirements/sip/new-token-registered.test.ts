import { describe, expect, test } from "vitest";
import { testToken } from "../../../harness/judge/testing/test-plan.ts";
import { newTokenRegistered } from "./new-token-registered.ts";
import { app, phone, tellsToken } from "./testing/app-ladder.ts";

describe("sip/new-token-registered", () => {
  test("passes where a REGISTER with the token follows, with its margin", () => {
    const t = app();
    const told = tellsToken(t, testToken(1, 2));
    const { request } = t.registers(phone, { afterMs: 300 });
    expect(newTokenRegistered.judge(t.finished())).toMatchObject({
      kind: "pass",
      evidence: [told.seq, request.seq],
      margins: [{ limitMs: 5000 }],
    });
  });

  test("fails where none does, or one with the old token", () => {
    const t = app();
    tellsToken(t);
    const old = t.tokenOf(phone);
    t.registers(phone);
    const told = tellsToken(t, testToken(1, 2));
    expect(newTokenRegistered.judge(t.finished())).toMatchObject({
      kind: "fail",
      basis: "deadline",
      mismatch: "not-registered",
      evidence: [told.seq],
    });
    t.registers(phone, { token: old });
    expect(newTokenRegistered.judge(t.finished())).toMatchObject({ mismatch: "not-registered" });
  });

  test("asks nothing for the same token again, nor of an app that stops, is offline or has no account", () => {
    const again = app();
    tellsToken(again);
    again.registers(phone);
    tellsToken(again);
    expect(newTokenRegistered.judge(again.finished()).kind).toBe("pass");
    const stopped = app();
    tellsToken(stopped);
    stopped.terminates(phone);
    expect(newTokenRegistered.judge(stopped.finished())).toEqual({ kind: "not-exercised" });
    const offline = app();
    offline.asks(phone, "network.changed", { reachable: false });
    tellsToken(offline);
    expect(newTokenRegistered.judge(offline.finished())).toEqual({ kind: "not-exercised" });
    const loggedOut = app();
    loggedOut.asks(phone, "account.changed", { account: null });
    tellsToken(loggedOut);
    expect(newTokenRegistered.judge(loggedOut.finished())).toEqual({ kind: "not-exercised" });
  });

  test("is inconclusive where the case was cut short", () => {
    const t = app();
    tellsToken(t);
    expect(newTokenRegistered.judge(t.capped()).kind).toBe("inconclusive");
  });
});
