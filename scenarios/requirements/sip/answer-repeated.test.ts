import { describe, expect, test } from "vitest";
import { answerRepeated } from "./answer-repeated.ts";
import { answeredByApp, app, call, phone } from "./testing/app-ladder.ts";

function answered(transport: "udp" | "tcp" = "udp") {
  const t = app({ transport });
  t.inviteSent(phone, call);
  const answer = t.appSends(phone, call, 200);
  t.ackSent(phone, call, { fate: "lost" });
  return { t, answer };
}

describe("sip/answer-repeated", () => {
  test.each(["udp", "tcp"] as const)("passes over %s where the 2xx comes again", (transport) => {
    const { t, answer } = answered(transport);
    const again = t.appSends(phone, call, 200, { afterMs: 490, retransmitOf: answer.seq });
    expect(answerRepeated.judge(t.finished())).toMatchObject({ kind: "pass", evidence: [answer.seq, again.seq] });
  });

  test("fails where it never does", () => {
    const { t, answer } = answered();
    t.wait(3000);
    expect(answerRepeated.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "not-repeated",
      evidence: [answer.seq],
    });
  });

  test("asks nothing once the ACK arrived, or the call was hung up", () => {
    expect(answerRepeated.judge(answeredByApp().finished())).toEqual({ kind: "not-exercised" });
    const { t } = answered();
    t.byeSent(phone, call);
    expect(answerRepeated.judge(t.finished())).toEqual({ kind: "not-exercised" });
  });

  test("is inconclusive where the case was cut short", () => {
    expect(answerRepeated.judge(answered().t.capped()).kind).toBe("inconclusive");
  });
});
