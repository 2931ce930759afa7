import { describe, expect, test } from "vitest";
import { refusalRejectsInvite } from "./refusal-rejects-invite.ts";
import { android, call, phone, wholeCall } from "./testing/android-ladder.ts";

function refusedCall() {
  const t = android();
  const { handed } = t.message(phone, call);
  return { t, handed, refused: t.isRefused(phone, call) };
}

describe("telecom/refusal-rejects-invite", () => {
  test("passes where the INVITE is rejected, whenever it comes", () => {
    const { t } = refusedCall();
    const invite = t.inviteSent(phone, call);
    const rejection = t.appSends(phone, call, 486);
    expect(refusalRejectsInvite.judge(t.finished())).toMatchObject({
      kind: "pass",
      evidence: [invite.seq, rejection.seq],
    });
    const first = android();
    first.inviteSent(phone, call);
    first.isRefused(phone, call);
    first.appSends(phone, call, 603);
    expect(refusalRejectsInvite.judge(first.finished()).kind).toBe("pass");
  });

  test("fails where it is left open, or accepted", () => {
    const { t } = refusedCall();
    const invite = t.inviteSent(phone, call);
    expect(refusalRejectsInvite.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "not-rejected",
      evidence: [invite.seq],
    });
    expect(refusalRejectsInvite.judge(t.capped()).kind).toBe("inconclusive");
    const answer = t.appSends(phone, call, 200);
    const verdict = refusalRejectsInvite.judge(t.finished());
    expect(verdict).toMatchObject({ mismatch: "not-rejected", basis: "content" });
    expect(verdict.kind === "fail" && verdict.evidence.at(-1)).toBe(answer.seq);
  });

  test("fails where a notification goes on offering the call", () => {
    const t = android();
    t.posts(phone, call);
    const refused = t.isRefused(phone, call);
    t.inviteSent(phone, call);
    t.appSends(phone, call, 486);
    expect(refusalRejectsInvite.judge(t.finished())).toMatchObject({
      mismatch: "notification-left",
      evidence: [refused.seq],
    });
    t.cancels(phone, call);
    expect(refusalRejectsInvite.judge(t.finished()).kind).toBe("pass");
  });

  test("lets a note of the missed call stand, and a CANCEL come first", () => {
    const { t } = refusedCall();
    t.posts(phone, call, { style: "standard", actions: [] });
    t.inviteSent(phone, call);
    t.cancelSent(phone, call, { answered: false });
    expect(refusalRejectsInvite.judge(t.finished()).kind).not.toBe("fail");
    expect(refusalRejectsInvite.judge(wholeCall().finished())).toEqual({ kind: "not-exercised" });
  });
});
