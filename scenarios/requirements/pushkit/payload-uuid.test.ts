import { describe, expect, test } from "vitest";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone, quietIphone } from "../testing/ios-ladder.ts";
import { payloadUuid } from "./payload-uuid.ts";

describe("pushkit/payload-uuid", () => {
  const own = "12345678-0000-4000-8000-000000000001";

  test("passes when the report is made under the UUID of the payload, in any case of letters", () => {
    expect(kindOf(payloadUuid, answeredOnIphone())).toBe("pass");
    const t = iosLadder();
    const uuid = "ABCDEF00-0000-4000-8000-000000000001";
    t.pushed(phone, call, { payload: { ...t.payloadOf(call), callUUID: uuid } });
    t.reports(phone, call, { uuid });
    expect(kindOf(payloadUuid, t.finished())).toBe("pass");
  });

  test("fails for another UUID, also where the system refuses the report", () => {
    const t = iosLadder();
    t.pushed(phone, call);
    const { request } = t.reports(phone, call, { uuid: own });
    expect(failure(payloadUuid.judge(t.finished()))).toEqual({ mismatch: "other-uuid", violation: request.seq });
    const refused = iosLadder();
    refused.pushed(phone, call);
    refused.reports(phone, call, { uuid: own, refused: "filteredByDoNotDisturb" });
    expect(failure(payloadUuid.judge(refused.finished())).mismatch).toBe("other-uuid");
  });

  test("lets a call the phone knows go on under its own, and asks nothing where the INVITE came first", () => {
    const known = iosLadder({ phones: [{ app: "foreground" }] });
    known.inviteSent(phone, call);
    known.reports(phone, call, { uuid: own });
    known.pushed(phone, call);
    known.reports(phone, call, { uuid: own });
    expect(kindOf(payloadUuid, known.finished())).toBe("not-exercised");
    const crossing = iosLadder({ phones: [{ app: "foreground" }] });
    crossing.inviteSent(phone, call);
    crossing.pushed(phone, call);
    crossing.reports(phone, call, { uuid: own });
    expect(kindOf(payloadUuid, crossing.finished())).toBe("not-exercised");
  });

  test("is not exercised by a bad UUID or without a push, and does not apply to a profile without a place for it", () => {
    const t = iosLadder();
    t.pushed(phone, call, { payload: { ...t.payloadOf(call), callUUID: "123" } });
    t.reports(phone, call, { uuid: own });
    expect(kindOf(payloadUuid, t.finished())).toBe("not-exercised");
    expect(kindOf(payloadUuid, quietIphone())).toBe("not-exercised");
    const facts = testFacts({ role: "client", profile: { payload: { callId: "/callId" } } });
    expect(payloadUuid.applies(facts)).toMatch(/no place/u);
  });
});
