import { describe, expect, test } from "vitest";
import { pushNamesCaller } from "./push-names-caller.ts";
import { call, failure, kindOf, ladder, phone, quiet } from "./testing/ladder.ts";

describe("flow/push-names-caller", () => {
  const judged = (payload: Readonly<Record<string, unknown>>, name = "Ada") => {
    const t = ladder({ calls: [{ caller: { name, number: "+49301001" } }] });
    t.callerInvites(call);
    t.push(phone, call, { payload });
    return pushNamesCaller.judge(t.finished());
  };

  test.each(["+49301001", "+49301001@example.test", "sip:+49301001@example.test"])(
    "passes for the handle %s",
    (handle) => {
      expect(judged({ handle }).kind).toBe("pass");
    },
  );

  test("passes for a name full of quotes, and for no name at all where the caller has none", () => {
    expect(judged({}, 'A "quoted" \\ name').kind).toBe("pass");
    expect(judged({ callerName: undefined }, "").kind).toBe("pass");
  });

  test("fails for a handle that is missing or of somebody else, and for another name", () => {
    expect(failure(judged({ handle: undefined }))).toMatchObject({ mismatch: "no-handle" });
    expect(failure(judged({ handle: "+4930999" }))).toMatchObject({ mismatch: "handle-differs" });
    expect(failure(judged({ callerName: "Bob" }))).toMatchObject({ mismatch: "name-differs" });
  });

  test("is not exercised without a push", () => {
    expect(kindOf(pushNamesCaller, quiet())).toBe("not-exercised");
  });
});
