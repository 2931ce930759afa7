import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseNameAddress } from "./name-address.ts";

describe("parseNameAddress", () => {
  test.each([
    ["<sip:bob@example.test>", "", "bob", {}],
    ["Bob <sip:bob@example.test>;tag=1", "Bob", "bob", { tag: "1" }],
    ['"A \\"B\\" <C>" <sip:bob@example.test>', 'A "B" <C>', "bob", {}],
    ["sip:bob@example.test;tag=1;x", "", "bob", { tag: "1", x: null }],
    [
      '<sip:bob@example.test>;+sip.instance="<urn:uuid:1;2>";reg-id=1',
      "",
      "bob",
      { "+sip.instance": "<urn:uuid:1;2>", "reg-id": "1" },
    ],
    ["tel:+1555", "", "+1555", {}],
  ])("reads %s", (text, displayName, user, params) => {
    const address = parseNameAddress(text);
    expect(address).toMatchObject({ displayName, uri: { user } });
    expect(Object.fromEntries(address?.params ?? [])).toEqual(params);
  });

  test.each(["", "Bob", "<>", "<sip:bob@example.test", '"never closed <sip:bob@example.test>'])(
    "%j holds no address",
    (text) => {
      expect(parseNameAddress(text)).toBeUndefined();
    },
  );

  test("parameters inside the brackets belong to the URI, outside to the header", () => {
    const address = parseNameAddress("<sip:bob@example.test;transport=tcp>;expires=60");
    expect(address?.uri.params.get("transport")).toBe("tcp");
    expect([...(address?.params.keys() ?? [])]).toEqual(["expires"]);
  });

  test("any display name survives quoting", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (name) => {
        const quoted = `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
        expect(parseNameAddress(`${quoted} <sip:bob@example.test>;tag=1`)).toMatchObject({
          displayName: name,
          uri: { user: "bob" },
        });
      }),
    );
  });
});
