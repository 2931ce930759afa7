import { describe, expect, test } from "vitest";
import { addressOf, parseNameAddress } from "./sip-fields.ts";

describe("the reference servers' reading of From and To", () => {
  test.each([
    ['"Alice" <sip:a@example.test>;tag=1', '"Alice" <sip:a@example.test>'],
    [
      '"Alice <sip:evil@example.test>;tag=x" <sip:a@example.test;user=phone>;tag=1',
      '"Alice <sip:evil@example.test>;tag=x" <sip:a@example.test;user=phone>',
    ],
    ['"say \\"hi\\"; <" <sip:a@example.test>;tag=1', '"say \\"hi\\"; <" <sip:a@example.test>'],
    ["sip:a@example.test;tag=1", "sip:a@example.test"],
  ])("takes the address of %s", (text, address) => {
    expect(addressOf(text)).toBe(address);
    expect(parseNameAddress(addressOf(text))?.uri).toMatch(/^sip:a@example\.test/);
  });
});
