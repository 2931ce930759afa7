import { describe, expect, test } from "vitest";
import { deregisterWithoutPrid } from "./deregister-without-prid.ts";
import { app, phone } from "./testing/app-ladder.ts";
import { replaced } from "./testing/ladders.ts";

describe("sip/deregister-without-prid", () => {
  test("passes where the removal leaves the token out", () => {
    const t = app();
    const { request } = t.registers(phone, { expires: 0 });
    expect(deregisterWithoutPrid.judge(t.finished())).toEqual({ kind: "pass", evidence: [request.seq] });
  });

  test("fails where it carries it", () => {
    const t = app();
    const { request } = t.registers(phone, { expires: 0, edit: replaced(">\r\nExpires", ";pn-prid=abc>\r\nExpires") });
    expect(deregisterWithoutPrid.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "prid-in-deregistration",
      actual: "pn-prid=abc",
      evidence: [request.seq],
    });
  });

  test("is not exercised without a removal", () => {
    expect(deregisterWithoutPrid.judge(app().finished())).toEqual({ kind: "not-exercised" });
  });
});
