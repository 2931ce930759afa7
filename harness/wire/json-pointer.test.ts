import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPointer } from "./json-pointer.ts";

describe("readPointer", () => {
  const document = { foo: ["bar", "baz"], "": 0, "a/b": 1, "m~n": 8, nested: { callId: "c1" }, none: null };

  test.each([
    ["", document],
    ["/foo", ["bar", "baz"]],
    ["/foo/0", "bar"],
    ["/", 0],
    ["/a~1b", 1],
    ["/m~0n", 8],
    ["/nested/callId", "c1"],
    ["/none", null],
    ["/missing", undefined],
    ["/foo/2", undefined],
    ["/foo/-", undefined],
    ["/foo/00", undefined],
    ["/foo/length", undefined],
    ["/none/x", undefined],
    ["/toString", undefined],
    ["/__proto__", undefined],
    ["no-slash", undefined],
  ])("%j", (pointer, value) => {
    expect(readPointer(document, pointer)).toEqual(value);
  });

  test("a string that is entered is parsed as JSON first", () => {
    expect(readPointer({ items: JSON.stringify({ peer: JSON.stringify({ id: 7 }) }) }, "/items/peer/id")).toBe(7);
    expect(readPointer({ items: '{"a":1}' }, "/items")).toBe('{"a":1}');
    expect(readPointer({ items: "no json" }, "/items/a")).toBeUndefined();
  });

  test("every member of a document is found by its own path", () => {
    const key = fc.string({ maxLength: 5 });
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 5 }), fc.integer(), (path, leaf) => {
        const built = path.reduceRight<unknown>((inner, name) => Object.fromEntries([[name, inner]]), leaf);
        const pointer = path.map((name) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
        expect(readPointer(built, pointer)).toBe(leaf);
      }),
    );
  });
});
