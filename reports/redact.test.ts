import { expect, test } from "vitest";
import { redact } from "./redact.ts";

const secret = 'p"ss wörd';
const spellings = [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString("base64url"),
];

test("a secret is replaced in strings, keys, lists and bytes, however it is spelled", () => {
  const data = { text: `a ${spellings.join(" ")} b`, [secret]: [secret, 7, null], bytes: Buffer.from(`x${secret}y`) };
  const clean = redact(data, ["", "unused", secret]);
  expect(clean).toEqual({
    text: "a [redacted] [redacted] [redacted] [redacted] b",
    "[redacted]": ["[redacted]", 7, null],
    bytes: Uint8Array.from(Buffer.from("x[redacted]y")),
  });
});

test("a secret that holds another one leaves nothing of itself", () => {
  expect(redact("abcdef abc", ["abc", "abcdef"])).toBe("[redacted] [redacted]");
});

test("bytes that are no text come through as they were", () => {
  const bytes = Uint8Array.of(0, 255, 128, 10);
  expect(redact({ bytes }, ["secret"]).bytes).toEqual(bytes);
});

test("without secrets nothing is copied", () => {
  const data = { a: 1 };
  expect(redact(data, [])).toBe(data);
});
