import { describe, expect, test } from "vitest";
import { declineStatusProxied } from "./decline-status-proxied.ts";
import { answeredCall, call, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/decline-status-proxied", () => {
  const features = { kind: "proxy" as const };

  const play = (sent: number, got: number, setup: Parameters<typeof ladder>[0] = { features }) => {
    const t = ladder(setup);
    t.pushed();
    t.wokenWithInvite();
    t.rings();
    t.phoneSends(phone, call, sent);
    const final = t.callerGets(call, got);
    return { verdict: declineStatusProxied.judge(t.finished()), final };
  };

  test.each([480, 486, 603])("passes when %i stays what it is", (status) => {
    expect(play(status, status).verdict.kind).toBe("pass");
  });

  test("fails when it becomes another", () => {
    const { verdict, final } = play(486, 500);
    expect(failure(verdict)).toEqual({ mismatch: "status-changed", violation: final.seq });
  });

  test("allows 500 for a lone 503", () => {
    expect(play(503, 500).verdict.kind).toBe("pass");
  });

  test("is not exercised where another response may have been the better one, or the caller hung up", () => {
    expect(play(486, 480, { features, phones: [{}, {}] }).verdict.kind).toBe("not-exercised");
    const parallel = { ...features, delivery: "parallel" as const };
    expect(play(486, 408, { features: parallel }).verdict.kind).toBe("not-exercised");
    const t = ladder({ features });
    t.pushed();
    t.wokenWithInvite();
    t.phoneSends(phone, call, 486);
    t.callerCancels(call);
    t.callerGets(call, 487);
    expect(kindOf(declineStatusProxied, t.finished())).toBe("not-exercised");
    expect(kindOf(declineStatusProxied, answeredCall({ features }))).toBe("not-exercised");
  });

  test("applies to its own kind of target, without diversion", () => {
    expect(declineStatusProxied.applies(ladder({ features }).facts)).toBe(true);
    expect(declineStatusProxied.applies(ladder({ features: { kind: "b2bua" } }).facts)).toBeTypeOf("string");
    expect(declineStatusProxied.applies(ladder({ features: { ...features, fallback: "divert" } }).facts)).toBeTypeOf(
      "string",
    );
  });
});
