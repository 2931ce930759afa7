import { describe, expect, test } from "vitest";
import { pushRefusedFinalResponse } from "./push-refused-final-response.ts";
import { answeredCall, call, cutShort, failure, kindOf, ladder, phone } from "./testing/ladder.ts";

describe("flow/push-refused-final-response", () => {
  const refused = (details: { status?: number; reset?: boolean } = { status: 500 }) => {
    const t = ladder();
    t.callerInvites(call);
    t.callerGets(call, 100);
    t.push(phone, call, details);
    return t;
  };

  test.each([{ status: 410 }, { status: 429 }, { status: 500 }, { reset: true }])(
    "passes when the caller is told after %o",
    (details) => {
      const t = refused(details);
      t.callerGets(call, 480);
      expect(pushRefusedFinalResponse.judge(t.finished())).toMatchObject({
        kind: "pass",
        margins: [{ limitMs: 40_000 }],
      });
    },
  );

  test("fails when the call hangs", () => {
    const t = refused();
    t.callerGets(call, 480, { afterMs: 41_000 });
    expect(failure(pushRefusedFinalResponse.judge(t.finished()))).toMatchObject({ mismatch: "no-final-response" });
  });

  test("is not exercised when a push was taken, a phone is there or came by itself, or the caller hung up", () => {
    expect(kindOf(pushRefusedFinalResponse, answeredCall())).toBe("not-exercised");
    const retried = refused();
    retried.push(phone, call);
    retried.callerGets(call, 480);
    expect(kindOf(pushRefusedFinalResponse, retried.finished())).toBe("not-exercised");
    const came = refused();
    came.wakes(phone);
    expect(kindOf(pushRefusedFinalResponse, came.finished())).toBe("not-exercised");
    const hungUp = refused();
    hungUp.callerCancels(call);
    expect(kindOf(pushRefusedFinalResponse, hungUp.finished())).toBe("not-exercised");
  });

  test("is inconclusive when the case was cut short", () => {
    expect(kindOf(pushRefusedFinalResponse, cutShort(refused()))).toBe("inconclusive");
  });

  test("does not apply to targets that divert", () => {
    expect(pushRefusedFinalResponse.applies(ladder({ features: { fallback: "divert" } }).facts)).toBeTypeOf("string");
  });
});
