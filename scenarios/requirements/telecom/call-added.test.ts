import { describe, expect, test } from "vitest";
import { callAdded } from "./call-added.ts";
import { android, call, phone, wholeCall } from "./testing/android-ladder.ts";

describe("telecom/call-added", () => {
  test("passes where Telecom is told of it, by a push or by the INVITE alone, also where it refuses", () => {
    expect(callAdded.judge(wholeCall().finished()).kind).toBe("pass");
    const invited = android();
    const invite = invited.inviteSent(phone, call);
    const added = invited.adds(phone, call);
    expect(callAdded.judge(invited.finished())).toMatchObject({ kind: "pass", evidence: [invite.seq, added.seq] });
    const refused = android();
    refused.message(phone, call);
    refused.isRefused(phone, call);
    expect(callAdded.judge(refused.finished()).kind).toBe("pass");
  });

  test("fails where only a notification is posted", () => {
    const t = android();
    const { handed } = t.message(phone, call);
    t.posts(phone, call);
    expect(callAdded.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "not-added",
      evidence: [handed.seq],
    });
    expect(callAdded.judge(t.capped()).kind).toBe("inconclusive");
  });

  test("fails where the call is accepted without it, however short it is", () => {
    const t = android();
    const { handed } = t.message(phone, call);
    t.posts(phone, call);
    t.inviteSent(phone, call);
    t.taps(phone, call, "answer");
    const answer = t.appSends(phone, call, 200);
    t.byeSent(phone, call);
    expect(callAdded.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "not-added",
      basis: "order",
      evidence: [handed.seq, answer.seq],
    });
  });

  test("asks nothing of a call that was cancelled at once, or never came, nor of apps without Telecom", () => {
    const t = android();
    t.inviteSent(phone, call);
    t.cancelSent(phone, call);
    expect(callAdded.judge(t.finished())).toEqual({ kind: "not-exercised" });
    expect(callAdded.judge(android().finished())).toEqual({ kind: "not-exercised" });
    expect(callAdded.applies(android({ app: { telecom: "none" } }).facts)).toBeTypeOf("string");
    expect(callAdded.applies(android({ features: { platforms: ["ios"] } }).facts)).toBeTypeOf("string");
    expect(callAdded.applies(android().facts)).toBe(true);
  });
});
