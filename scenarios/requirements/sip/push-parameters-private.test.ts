import { describe, expect, test } from "vitest";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import { pushParametersPrivate } from "./push-parameters-private.ts";
import { answeredByApp, app, call, phone } from "./testing/app-ladder.ts";

describe("sip/push-parameters-private", () => {
  test("passes where the dialog carries none of it, pn-purr apart", () => {
    expect(pushParametersPrivate.judge(answeredByApp().finished()).kind).toBe("pass");
    const t = app();
    t.inviteSent(phone, call);
    t.appSends(phone, call, 180, { contact: "<sip:it@app.invalid;pn-purr=abc>" });
    expect(pushParametersPrivate.judge(t.finished()).kind).toBe("pass");
  });

  test("fails for a pn parameter in the Contact of a response", () => {
    const t = app();
    t.inviteSent(phone, call);
    const leaked = t.appSends(phone, call, 180, { contact: "<sip:it@app.invalid;pn-provider=apns>" });
    expect(pushParametersPrivate.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "leaked",
      actual: "pn-provider in the 180 response",
      evidence: [leaked.seq],
    });
  });

  test("fails for the token anywhere in a request", () => {
    const t = answeredByApp();
    const { request } = t.appHangsUp(phone, call, {
      edit: (text) => text.replace("BYE", `BYE`).replace("\r\nTo:", `\r\nX-Token: ${t.tokenOf(phone)}\r\nTo:`),
    });
    expect(pushParametersPrivate.judge(t.finished())).toMatchObject({
      mismatch: "leaked",
      actual: "the push token in BYE",
      evidence: [request.seq],
    });
  });

  test("is not exercised by REGISTER alone, and applies under RFC 8599", () => {
    expect(pushParametersPrivate.judge(app().finished())).toEqual({ kind: "not-exercised" });
    const profile = { registration: { header: { name: "X-Token", value: "<token>" } } };
    expect(pushParametersPrivate.applies(testFacts({ role: "client", profile }))).toBeTypeOf("string");
  });
});
