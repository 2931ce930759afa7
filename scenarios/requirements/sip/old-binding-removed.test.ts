import { describe, expect, test } from "vitest";
import { testToken } from "../../../harness/judge/testing/test-plan.ts";
import { oldBindingRemoved } from "./old-binding-removed.ts";
import { app, phone, tellsToken } from "./testing/app-ladder.ts";
import { replaced } from "./testing/ladders.ts";

/** The new token is registered with a Contact of its own; the old one stays bound. */
function rotated() {
  const t = app();
  const old = t.tokenOf(phone);
  tellsToken(t);
  t.registers(phone);
  const told = tellsToken(t, testToken(1, 2));
  const { request } = t.registers(phone, { edit: replaced(/sip:it@/gu, "sip:it-anew@") });
  return { t, old, told, request };
}

describe("sip/old-binding-removed", () => {
  test("passes where the old binding is replaced, or removed after", () => {
    const t = app({ registered: false });
    t.launches(phone);
    const outbound = replaced(">\r\nExpires", '>;+sip.instance="<urn:uuid:1>";reg-id=1\r\nExpires');
    tellsToken(t);
    t.registers(phone, { edit: outbound });
    tellsToken(t, testToken(1, 2));
    t.registers(phone, { edit: outbound });
    expect(oldBindingRemoved.judge(t.finished()).kind).toBe("pass");
    const two = rotated();
    two.t.registers(phone, { expires: 0 });
    expect(oldBindingRemoved.judge(two.t.finished()).kind).toBe("pass");
  });

  test("fails where it is left", () => {
    const { t, told, request } = rotated();
    t.wait(2000);
    expect(oldBindingRemoved.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "old-binding-left",
      evidence: [told.seq, request.seq],
    });
  });

  test("asks nothing before the new token is registered, in a case cut short, nor of an app that is gone", () => {
    const t = app();
    tellsToken(t);
    t.registers(phone);
    tellsToken(t, testToken(1, 2));
    expect(oldBindingRemoved.judge(t.finished())).toEqual({ kind: "not-exercised" });
    expect(oldBindingRemoved.judge(rotated().t.capped())).toEqual({ kind: "not-exercised" });
    const gone = rotated();
    gone.t.terminates(phone);
    expect(oldBindingRemoved.judge(gone.t.finished())).toEqual({ kind: "not-exercised" });
  });
});
