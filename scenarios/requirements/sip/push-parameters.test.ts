import { describe, expect, test } from "vitest";
import { testToken } from "../../../harness/judge/testing/test-plan.ts";
import { pushParameters } from "./push-parameters.ts";
import { app, phone, tellsToken } from "./testing/app-ladder.ts";
import { replaced } from "./testing/ladders.ts";

describe("sip/push-parameters", () => {
  test("passes where REGISTER carries the fields of the profile with the newest token", () => {
    const t = app();
    tellsToken(t);
    const { request } = t.registers(phone, { afterMs: 600 });
    expect(pushParameters.judge(t.finished())).toEqual({ kind: "pass", evidence: [request.seq] });
  });

  test("reads percent-escapes, and the token in a header of its own", () => {
    const t = app();
    tellsToken(t);
    t.registers(phone, { afterMs: 600, edit: replaced("voip;", "%76oip;") });
    expect(pushParameters.judge(t.finished()).kind).toBe("pass");
    const own = app({ profile: { registration: { header: { name: "X-Token", value: "apns:<token>" } } } });
    tellsToken(own);
    own.registers(phone, { afterMs: 600, token: null, headers: [`X-Token: apns:${own.tokenOf(phone)}`] });
    expect(pushParameters.judge(own.finished()).kind).toBe("pass");
  });

  test("fails where a field is missing, or stands outside the URI", () => {
    const t = app();
    const told = tellsToken(t);
    const { request } = t.registers(phone, { afterMs: 600, token: null });
    expect(pushParameters.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "missing",
      actual: "none",
      evidence: [told.seq + 1, request.seq],
    });
    const outside = app();
    tellsToken(outside);
    outside.registers(phone, { afterMs: 600, edit: replaced(/;pn-prid=([^>]*)>/u, ">;pn-prid=$1") });
    expect(pushParameters.judge(outside.finished())).toMatchObject({ mismatch: "missing" });
  });

  test("fails where a field says something else", () => {
    const t = app();
    tellsToken(t);
    const { request } = t.registers(phone, { afterMs: 600, edit: replaced("pn-provider=apns", "pn-provider=fcm") });
    expect(pushParameters.judge(t.finished())).toMatchObject({
      mismatch: "other-value",
      actual: "fcm",
      expected: "pn-provider in the Contact URI: apns",
      evidence: [expect.any(Number), request.seq],
    });
  });

  test("does not take a token for known before the app's callback returned", () => {
    const t = app();
    const told = t.asking(phone, "pushRegistry.didUpdatePushCredentials", { type: "voip", token: t.tokenOf(phone) });
    t.registers(phone, { token: null, afterMs: 200 });
    t.replies(told);
    expect(pushParameters.judge(t.finished())).toEqual({ kind: "not-exercised" });
  });

  test("does not ask it of a REGISTER that was under way, nor of its repetition with credentials", () => {
    const t = app();
    tellsToken(t);
    const first = t.registering(phone, { token: null, afterMs: 200 });
    t.registered(first, 401);
    t.registers(phone, { token: null, afterMs: 1000 });
    expect(pushParameters.judge(t.finished())).toEqual({ kind: "not-exercised" });
    t.registers(phone, { token: null });
    expect(pushParameters.judge(t.finished())).toMatchObject({ mismatch: "missing" });
  });

  test("takes the token before for the newest only for a while", () => {
    const t = app();
    tellsToken(t);
    const old = t.tokenOf(phone);
    tellsToken(t, testToken(1, 2));
    t.registers(phone, { token: old, afterMs: 1000 });
    expect(pushParameters.judge(t.finished()).kind).toBe("pass");
    t.registers(phone, { token: old, afterMs: 6000 });
    expect(pushParameters.judge(t.finished())).toMatchObject({ mismatch: "other-value" });
  });

  test("asks nothing of an app that knows no token, of a void one, nor of a removal", () => {
    const t = app();
    t.registers(phone, { token: null });
    expect(pushParameters.judge(t.finished())).toEqual({ kind: "not-exercised" });
    tellsToken(t);
    t.registers(phone, { afterMs: 600, expires: 0 });
    t.asks(phone, "pushRegistry.didInvalidatePushToken", { type: "voip" });
    t.registers(phone, { afterMs: 600, token: null });
    expect(pushParameters.judge(t.finished())).toEqual({ kind: "not-exercised" });
  });
});
