import { describe, expect, test } from "vitest";
import { refreshAfterPush } from "./refresh-after-push.ts";
import { app, phone, push } from "./testing/app-ladder.ts";

const headerProfile = { registration: { header: { name: "X-Token", value: "<token>" } } };

describe("sip/refresh-after-push", () => {
  test("passes where a REGISTER follows the push", () => {
    const t = app();
    const handed = push(t);
    const { request } = t.registers(phone);
    expect(refreshAfterPush.judge(t.finished())).toMatchObject({ kind: "pass", evidence: [handed.seq, request.seq] });
  });

  test("passes where a REGISTER still waited for its answer", () => {
    const t = app();
    const pending = t.registering(phone);
    push(t);
    t.registered(pending);
    expect(refreshAfterPush.judge(t.finished()).kind).toBe("pass");
  });

  test("fails where none follows, although the app is registered", () => {
    const t = app();
    const handed = push(t);
    expect(refreshAfterPush.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "no-register",
      evidence: [handed.seq],
    });
  });

  test("wants other profiles only to be registered", () => {
    const t = app({ profile: headerProfile });
    const handed = push(t);
    expect(refreshAfterPush.judge(t.finished())).toEqual({ kind: "pass", evidence: [handed.seq] });
    const gone = app({ profile: headerProfile });
    gone.closesFlow(phone);
    push(gone);
    expect(refreshAfterPush.judge(gone.finished())).toMatchObject({ mismatch: "no-register" });
  });

  test("asks nothing of an app that the push never reached, or that was terminated", () => {
    const t = app();
    t.delivers(phone, "call:1");
    expect(refreshAfterPush.judge(t.finished())).toEqual({ kind: "not-exercised" });
    push(t);
    t.terminates(phone, "unreported-push");
    expect(refreshAfterPush.judge(t.finished())).toEqual({ kind: "not-exercised" });
  });

  test("is inconclusive where the case was cut short", () => {
    const t = app();
    push(t);
    expect(refreshAfterPush.judge(t.capped()).kind).toBe("inconclusive");
  });
});
