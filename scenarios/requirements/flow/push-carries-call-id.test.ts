import { describe, expect, test } from "vitest";
import { pushCarriesCallId } from "./push-carries-call-id.ts";
import { answeredCall, call, failure, kindOf, ladder, phone, quiet } from "./testing/ladder.ts";

describe("flow/push-carries-call-id", () => {
  test("passes when either pointer has a value", () => {
    expect(kindOf(pushCarriesCallId, answeredCall())).toBe("pass");
    const t = ladder();
    t.callerInvites(call);
    t.push(phone, call, { payload: { callId: undefined } });
    expect(kindOf(pushCarriesCallId, t.finished())).toBe("pass");
  });

  test.each([
    { callId: undefined, callUUID: undefined },
    { callId: "", callUUID: "" },
    { callId: null, callUUID: {} },
  ])("fails for %o", (payload) => {
    const t = ladder();
    t.callerInvites(call);
    const { request } = t.push(phone, call, { payload });
    expect(failure(pushCarriesCallId.judge(t.finished()))).toEqual({ mismatch: "no-call-id", violation: request.seq });
  });

  test("is not exercised without a push", () => {
    expect(kindOf(pushCarriesCallId, quiet())).toBe("not-exercised");
  });

  test("applies where the profile has a place for a call id", () => {
    expect(pushCarriesCallId.applies(ladder({ profile: { payload: { hint: "/aps/hint" } } }).facts)).toBeTypeOf(
      "string",
    );
    expect(pushCarriesCallId.applies(ladder().facts)).toBe(true);
  });
});
