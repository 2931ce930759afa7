import { describe, expect, test } from "vitest";
import type { CancelForm } from "../../../harness/plan/plan.ts";
import type { CallEndedReason } from "../../../harness/trace/ios-event.ts";
import { answeredOnIphone, call, failure, iosLadder, kindOf, phone } from "../testing/ios-ladder.ts";
import { pushOfEndedCall } from "./push-of-ended-call.ts";

describe("pushkit/push-of-ended-call", () => {
  /** An INVITE that rings and is cancelled; then the push. */
  const late = (form: CancelForm = "plain", earlier: CallEndedReason = "remoteEnded") => {
    const t = iosLadder({ phones: [{ app: "background" }] });
    t.inviteSent(phone, call);
    t.reports(phone, call);
    t.appSends(phone, call, 180);
    t.cancelSent(phone, call, { form });
    t.ends(phone, call, earlier);
    t.pushed(phone, call, { afterMs: 500 });
    const { outcome } = t.reports(phone, call);
    return Object.assign(t, { outcome });
  };

  test("passes when it is ended at once as the call ended", () => {
    for (const [form, reason] of [
      ["plain", "remoteEnded"],
      ["plain", "unanswered"],
      ["answered-elsewhere", "answeredElsewhere"],
      ["declined-elsewhere", "declinedElsewhere"],
    ] as const) {
      const t = late(form);
      t.ends(phone, call, reason);
      t.returns(phone);
      expect(kindOf(pushOfEndedCall, t.finished())).toBe("pass");
    }
  });

  test("passes for the reason the app gave before, whose fit is judged by itself", () => {
    const t = late("answered-elsewhere", "remoteEnded");
    t.ends(phone, call, "remoteEnded");
    expect(kindOf(pushOfEndedCall, t.finished())).toBe("pass");
  });

  test("fails when it goes on ringing, and for another reason", () => {
    const t = late();
    expect(failure(pushOfEndedCall.judge(t.finished()))).toEqual({
      mismatch: "left-ringing",
      violation: t.outcome.seq,
    });
    const ended = t.ends(phone, call, "failed");
    expect(failure(pushOfEndedCall.judge(t.finished()))).toEqual({ mismatch: "wrong-reason", violation: ended.seq });
  });

  test("takes any reason for a call the user declined", () => {
    const t = iosLadder({ phones: [{ app: "background" }] });
    t.inviteSent(phone, call);
    t.reports(phone, call);
    t.declines(phone, call);
    t.appSends(phone, call, 603);
    t.ackSent(phone, call);
    t.fulfils(phone, call, "end");
    t.pushed(phone, call);
    t.reports(phone, call);
    t.ends(phone, call, "failed");
    expect(kindOf(pushOfEndedCall, t.finished())).toBe("pass");
  });

  test("asks nothing of an app whose process was gone meanwhile", () => {
    const t = iosLadder();
    t.rings();
    t.ends(phone, call, "unanswered");
    t.terminates(phone);
    t.launches(phone, "push");
    t.pushed(phone, call);
    t.reports(phone, call);
    expect(kindOf(pushOfEndedCall, t.finished())).toBe("not-exercised");
  });

  test("asks nothing of a new process either where the last one's answer was seen after its end", () => {
    const t = iosLadder();
    t.inviteSent(phone, call);
    t.rings();
    t.appSends(phone, call, 180);
    t.ends(phone, call, "unanswered");
    t.terminates(phone);
    t.appSends(phone, call, 480);
    t.launches(phone, "push");
    t.pushed(phone, call);
    t.reports(phone, call);
    expect(kindOf(pushOfEndedCall, t.finished())).toBe("not-exercised");
  });

  test("is inconclusive when cut short, and not exercised by a call that is not over", () => {
    expect(kindOf(pushOfEndedCall, late().capped())).toBe("inconclusive");
    expect(kindOf(pushOfEndedCall, answeredOnIphone())).toBe("not-exercised");
  });
});
