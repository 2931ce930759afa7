import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMessage } from "../../harness/wire/parse-message.ts";
import { answerChallenge, parseChallenge } from "./digest.ts";

function challenged(status: 401 | 407, ...challenges: string[]) {
  const name = status === 407 ? "Proxy-Authenticate" : "WWW-Authenticate";
  const message = parseMessage(
    Buffer.from(`SIP/2.0 ${status} X\r\n${challenges.map((value) => `${name}: ${value}\r\n`).join("")}\r\n`),
  );
  if (message.kind !== "response") throw new Error(message.kind);
  return message;
}

const mufasa = { username: "Mufasa", password: "Circle Of Life" };
const get = { method: "GET", uri: "/dir/index.html", cnonce: "0a4f113b" };
const example =
  'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';

describe("answering a digest challenge", () => {
  test("gives the response of the example in RFC 2617 section 3.5", () => {
    const [name, value] = answerChallenge(challenged(401, example), get, mufasa) ?? [];
    expect(name).toBe("Authorization");
    const answer = parseChallenge(value ?? "");
    expect(answer?.get("response")).toBe("6629fae49393a05397450978507c4ef1");
    expect(answer?.get("opaque")).toBe("5ccc069c403ebaf9f0171e9517f40e41");
    expect(value).toContain("qop=auth, cnonce=");
    expect(value).toContain("nc=00000001");
  });

  test("leaves the client nonce out where no quality of protection is asked for", () => {
    const plain = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"';
    const [, value = ""] = answerChallenge(challenged(401, plain), get, mufasa) ?? [];
    expect(value).toContain('response="670fd8c2df070c60b045671b8b24ff02"');
    expect(value).not.toMatch(/cnonce|qop|nc=/);
  });

  test("answers a proxy in Proxy-Authorization and hashes as the challenge says", () => {
    const sha = 'Digest realm="r", nonce="n", algorithm=SHA-256, qop="auth"';
    const [name, value = ""] = answerChallenge(challenged(407, sha), get, mufasa) ?? [];
    expect(name).toBe("Proxy-Authorization");
    expect(parseChallenge(value)?.get("response")).toMatch(/^[0-9a-f]{64}$/);
  });

  test("passes over challenges it cannot answer and takes the first it can", () => {
    const other = 'Digest realm="r", nonce="n", algorithm=SHA-512-256';
    expect(answerChallenge(challenged(401, 'Basic realm="r"', other), get, mufasa)).toBeUndefined();
    expect(answerChallenge(challenged(401, other, example), get, mufasa)?.[1]).toContain("6629fae4");
    expect(
      answerChallenge(challenged(401, 'Digest realm="r", nonce="n", qop="auth-int"'), get, mufasa),
    ).toBeUndefined();
  });

  test("never throws, whatever the challenge", () => {
    fc.assert(
      fc.property(fc.string(), (junk) => {
        const message = challenged(401, `Digest ${junk.replace(/[\r\n]/g, "")}`);
        expect(() => answerChallenge(message, get, mufasa)).not.toThrow();
      }),
    );
  });
});
