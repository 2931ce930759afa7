import { describe, expect, test } from "vitest";
import { noPushWhenConnected } from "./no-push-when-connected.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/no-push-when-connected", () => {
  const connected = { transport: "tcp" as const, phones: [{ signalling: "connected" as const }] };

  test("passes when the INVITE comes over the connection and nothing is pushed", () => {
    const t = ladder(connected);
    t.callerInvites(call);
    t.inviteReaches(phone, call);
    expect(kindOf(noPushWhenConnected, t.finished())).toBe("pass");
  });

  test("fails when the phone is pushed nevertheless", () => {
    const t = ladder(connected);
    t.callerInvites(call);
    const { request } = t.push(phone, call);
    t.inviteReaches(phone, call);
    expect(failure(noPushWhenConnected.judge(t.finished()))).toEqual({
      mismatch: "pushed-connected-phone",
      violation: request.seq,
    });
  });

  test("allows the push once the connection went away", () => {
    const t = ladder(connected);
    t.callerInvites(call);
    t.sleeps(phone);
    t.push(phone, call);
    t.wokenWithInvite();
    expect(kindOf(noPushWhenConnected, t.finished())).toBe("pass");
  });

  test("is not exercised over UDP, by a sleeping phone, or by a target that does nothing", () => {
    expect(kindOf(noPushWhenConnected, answeredCall({ phones: [{ signalling: "connected" }] }))).toBe("not-exercised");
    expect(kindOf(noPushWhenConnected, answeredCall({ transport: "tcp" }))).toBe("not-exercised");
    const t = ladder(connected);
    t.callerInvites(call);
    expect(kindOf(noPushWhenConnected, t.finished())).toBe("not-exercised");
  });

  test("is inconclusive when the case was cut short", () => {
    const t = ladder(connected);
    t.callerInvites(call);
    t.inviteReaches(phone, call);
    expect(kindOf(noPushWhenConnected, cutShort(t))).toBe("inconclusive");
  });

  test("does not apply to targets that always push", () => {
    expect(noPushWhenConnected.applies(ladder({ features: { wake: "always" } }).facts)).toBeTypeOf("string");
    expect(noPushWhenConnected.applies(ladder({ features: { transports: ["udp"] } }).facts)).toBeTypeOf("string");
    expect(noPushWhenConnected.applies(ladder().facts)).toBe(true);
  });
});
