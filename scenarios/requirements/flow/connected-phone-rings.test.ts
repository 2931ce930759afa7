import { describe, expect, test } from "vitest";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import { connectedPhoneRings } from "./connected-phone-rings.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/connected-phone-rings", () => {
  const connected = { transport: "tcp" as const, phones: [{ signalling: "connected" as const }] };

  test("passes when the INVITE comes at once", () => {
    const t = ladder(connected);
    t.callerInvites(call);
    t.inviteReaches(phone, call);
    expect(connectedPhoneRings.judge(t.finished())).toMatchObject({ kind: "pass", margins: [{ actualMs: 10 }] });
  });

  test("fails when it does not come, or late", () => {
    const t = ladder(connected);
    const invite = t.callerInvites(call);
    expect(failure(connectedPhoneRings.judge(t.finished()))).toEqual({ mismatch: "no-invite", violation: invite.seq });
    expect(
      failure(connectedPhoneRings.judge((t.inviteReaches(phone, call, { afterMs: 3000 }), t.finished()))),
    ).toMatchObject({ mismatch: "no-invite" });
  });

  test("asks for nothing when the caller hung up, the connection went away, or a push asks the phone to register first", () => {
    const hungUp = ladder(connected);
    hungUp.callerInvites(call);
    hungUp.callerCancels(call);
    expect(kindOf(connectedPhoneRings, hungUp.finished())).toBe("not-exercised");
    const away = ladder(connected);
    away.callerInvites(call);
    away.sleeps(phone);
    expect(kindOf(connectedPhoneRings, away.finished())).toBe("not-exercised");
    const pushed = ladder({ phones: [{ signalling: "connected" }] });
    pushed.pushed();
    expect(kindOf(connectedPhoneRings, pushed.finished())).toBe("not-exercised");
  });

  test("does not apply where a connected phone may be pushed: over UDP alone, and to a target that always may", () => {
    const features = { wake: "when-disconnected", transports: ["udp", "tcp"] } as const;
    expect(connectedPhoneRings.applies(testFacts({ features }))).toBe(true);
    expect(connectedPhoneRings.applies(testFacts({ features: { ...features, wake: "always" } }))).toMatch(/may push/);
    expect(connectedPhoneRings.applies(testFacts({ features: { ...features, transports: ["udp"] } }))).toMatch(/UDP/);
  });

  test("is inconclusive when cut short, and not exercised by a sleeping phone", () => {
    const t = ladder(connected);
    t.callerInvites(call);
    expect(kindOf(connectedPhoneRings, cutShort(t))).toBe("inconclusive");
    expect(kindOf(connectedPhoneRings, answeredCall())).toBe("not-exercised");
  });
});
