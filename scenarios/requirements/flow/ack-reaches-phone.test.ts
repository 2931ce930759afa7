import { describe, expect, test } from "vitest";
import { ackReachesPhone } from "./ack-reaches-phone.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/ack-reaches-phone", () => {
  const relayed = () => {
    const t = ladder();
    t.pushed();
    t.wokenWithInvite();
    t.rings();
    t.phoneSends(phone, call, 200);
    t.callerGets(call, 200, { toTag: `${phone}-tag` });
    return t;
  };

  test("passes when the phone gets an ACK, with its margin", () => {
    expect(ackReachesPhone.judge(answeredCall())).toMatchObject({ kind: "pass", margins: [{ actualMs: 10 }] });
    expect(kindOf(ackReachesPhone, answeredCall({ features: { kind: "b2bua" } }))).toBe("pass");
  });

  test("fails when it does not", () => {
    const t = relayed();
    const ack = t.callerAcks(call);
    expect(failure(ackReachesPhone.judge(t.finished()))).toEqual({ mismatch: "no-ack", violation: ack.seq });
  });

  test("lets a B2BUA acknowledge before its caller does", () => {
    const t = relayed();
    t.ackReaches(phone, call);
    t.callerAcks(call);
    expect(kindOf(ackReachesPhone, t.finished())).toBe("pass");
  });

  test("asks for nothing when the caller's ACK was lost or the phone went away", () => {
    const lost = relayed();
    lost.callerAcks(call, { fate: "lost" });
    expect(kindOf(ackReachesPhone, lost.finished())).toBe("not-exercised");
    const away = relayed();
    away.callerAcks(call);
    away.sleeps(phone);
    expect(kindOf(ackReachesPhone, away.finished())).toBe("not-exercised");
  });

  test("is inconclusive when the case was cut short", () => {
    const t = relayed();
    t.callerAcks(call);
    expect(kindOf(ackReachesPhone, cutShort(t))).toBe("inconclusive");
  });
});
