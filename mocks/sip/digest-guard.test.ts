import { describe, expect, test } from "vitest";
import { parseMessage } from "../../harness/wire/parse-message.ts";
import type { SipRequest, SipResponse } from "../../harness/wire/sip-message.ts";
import { answerChallenge } from "./digest.ts";
import { type DigestGuard, digestGuard } from "./digest-guard.ts";

const credentials = { username: 'bo"b', password: "secret" };
const URI = "sip:example.test";

function read(start: string, ...lines: readonly string[]): SipRequest | SipResponse {
  const message = parseMessage(Buffer.from([start, ...lines, "CSeq: 1 REGISTER", "", ""].join("\r\n")));
  if (message.kind === "not-sip") throw new Error(message.why);
  return message;
}

/** A REGISTER with the credentials a phone would answer the guard's challenge with, changed as the test says. */
function register(guard: DigestGuard, change: (value: string) => string = (value) => value): SipRequest {
  const [name, value] = guard.challenge(false, 0);
  const challenge = read("SIP/2.0 401 Unauthorized", `${name}: ${value}`) as SipResponse;
  const answer = answerChallenge(challenge, { method: "REGISTER", uri: URI, cnonce: "abc" }, credentials);
  return read(`REGISTER ${URI} SIP/2.0`, `Authorization: ${change(answer?.[1] ?? "")}`) as SipRequest;
}

describe("the guard of digests", () => {
  test("lets in who knows the password, for as long as the nonce is good", () => {
    const guard = digestGuard({ realm: "example.test", nonceLifeMs: 1_000 });
    expect(guard.judge(register(guard), credentials, 1_000)).toEqual({ kind: "right" });
    expect(guard.judge(register(guard), credentials, 1_001)).toEqual({ kind: "stale" });
    expect(guard.judge(register(guard), { ...credentials, password: "other" }, 0)).toEqual({ kind: "wrong" });
    expect(guard.judge(register(guard), { ...credentials, username: "eve" }, 0)).toEqual({ kind: "wrong" });
  });

  test("takes every count of a nonce once", () => {
    const guard = digestGuard({ realm: "example.test", nonceLifeMs: 1_000 });
    const request = register(guard);
    expect(guard.judge(request, credentials, 0)).toEqual({ kind: "right" });
    expect(guard.judge(request, credentials, 0)).toEqual({ kind: "stale" });
  });

  test("has no use for a nonce it never gave, or another realm, or none", () => {
    const guard = digestGuard({ realm: "example.test", nonceLifeMs: 1_000 });
    const other = digestGuard({ realm: "example.test", nonceLifeMs: 1_000 });
    expect(guard.judge(register(other), credentials, 0)).toEqual({ kind: "stale" });
    const elsewhere = digestGuard({ realm: "elsewhere.test", nonceLifeMs: 1_000 });
    expect(guard.judge(register(elsewhere), credentials, 0)).toEqual({ kind: "wrong" });
    expect(guard.judge(read(`REGISTER ${URI} SIP/2.0`) as SipRequest, credentials, 0)).toEqual({ kind: "wrong" });
  });

  test.each([
    [", qop=auth", "", "Without qop"],
    ["qop=auth", "qop=auth-int", "Not of the Kind"],
    ["algorithm=MD5", "algorithm=SHA-256", "Not of the Kind"],
    [`uri="${URI}"`, 'uri="sip:elsewhere.test"', "Another URI"],
    ["nc=00000001", "nc=1", "Unreadable nc"],
  ])("calls credentials with %s turned into %j unfit", (from, to, why) => {
    const guard = digestGuard({ realm: "example.test", nonceLifeMs: 1_000 });
    const verdict = guard.judge(
      register(guard, (value) => value.replace(from, to)),
      credentials,
      0,
    );
    expect(verdict.kind === "unfit" && verdict.why).toContain(why);
  });
});
