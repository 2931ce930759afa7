import { describe, expect, test } from "vitest";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import { digest } from "./digest.ts";
import { app, phone } from "./testing/app-ladder.ts";

const challenge = 'WWW-Authenticate: Digest realm="example.test", nonce="n1", qop="auth", algorithm=MD5';
const credentials =
  'Authorization: Digest username="u", realm="example.test", nonce="n1", uri="sip:example.test", response="r", qop=auth, nc=00000001, cnonce="c"';

function challenged() {
  const t = app({ registered: false, features: { digest: true } });
  t.launches(phone);
  const first = t.registering(phone);
  const refusal = t.registered(first, 401, { headers: [challenge] });
  return { t, refusal };
}

describe("sip/digest", () => {
  test("passes where the REGISTER comes again and is accepted", () => {
    const { t, refusal } = challenged();
    const again = t.registering(phone, { headers: [credentials] });
    const answer = t.registered(again);
    expect(digest.judge(t.finished())).toEqual({ kind: "pass", evidence: [refusal.seq, again.seq, answer.seq] });
  });

  test("fails where the credentials do not answer the challenge", () => {
    const { t, refusal } = challenged();
    const again = t.registering(phone, { headers: [credentials] });
    t.registered(again, 401, { headers: [challenge] });
    expect(digest.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "wrong-response",
      evidence: [refusal.seq, again.seq],
    });
    const noQop = challenged();
    noQop.t.registered(noQop.t.registering(phone, { headers: [credentials.replace(", qop=auth", "")] }));
    expect(digest.judge(noQop.t.finished())).toMatchObject({ mismatch: "wrong-response" });
  });

  test("fails where nothing comes again", () => {
    const { t, refusal } = challenged();
    expect(digest.judge(t.finished())).toMatchObject({ mismatch: "not-repeated", evidence: [refusal.seq] });
    expect(digest.judge(t.capped()).kind).toBe("inconclusive");
  });

  test("takes a stale nonce for a new challenge", () => {
    const { t } = challenged();
    const again = t.registering(phone, { headers: [credentials] });
    t.registered(again, 401, { headers: [`${challenge}, stale=true`] });
    t.registered(t.registering(phone, { headers: [credentials.replaceAll("n1", "n2")] }));
    expect(digest.judge(t.finished()).kind).toBe("pass");
  });

  test("is not exercised without a challenge, and applies where digest is declared", () => {
    expect(digest.judge(app().finished())).toEqual({ kind: "not-exercised" });
    expect(digest.applies(testFacts({ features: { digest: false } }))).toBeTypeOf("string");
    expect(digest.applies(testFacts({ features: { digest: true } }))).toBe(true);
  });
});
