import { describe, expect, test } from "vitest";
import { registerCseq } from "./register-cseq.ts";
import { app, phone } from "./testing/app-ladder.ts";

describe("sip/register-cseq", () => {
  test("passes where the numbers rise", () => {
    const t = app();
    t.registers(phone);
    expect(registerCseq.judge(t.finished()).kind).toBe("pass");
  });

  test("fails where one comes again", () => {
    const t = app();
    const request = t.registering(phone, { cseq: 1 });
    expect(registerCseq.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "cseq-not-rising",
      actual: "CSeq 1",
      evidence: [expect.any(Number), request.seq],
    });
  });

  test("lets a new process, and another Call-ID, begin anew", () => {
    const t = app();
    t.terminates(phone);
    t.launches(phone);
    t.registering(phone, { cseq: 1 });
    t.registering(phone, { cseq: 1, edit: (text) => text.replace("registrations-of", "other-registrations-of") });
    expect(registerCseq.judge(t.finished())).toEqual({ kind: "not-exercised" });
  });
});
