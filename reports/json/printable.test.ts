import { expect, test } from "vitest";
import { printable } from "./printable.ts";

test("functions, regular expressions and dates become text to read", () => {
  const config = {
    args: (world: { file(name: string): string }) => ["-c", world.file("proxy.conf")],
    log: /listening/iu,
    bound: parseInt.bind(undefined),
    at: new Date(0),
    none: undefined,
    never: Number.POSITIVE_INFINITY,
    big: 12n,
    hosts: new Map([["a", new Set([1])]]),
    cause: new TypeError("no"),
    key: Buffer.from("abc"),
  };
  expect(printable(config)).toEqual({
    args: expect.stringMatching(/^\(world\) => \["-c", world\.file\("proxy\.conf"\)\]$/u),
    log: "/listening/iu",
    bound: "[function bound parseInt]",
    at: "1970-01-01T00:00:00.000Z",
    never: "Infinity",
    big: "12",
    hosts: { a: [1] },
    cause: "TypeError: no",
    key: "[3 bytes]",
  });
});

test("fields that are named as secrets are never shown", () => {
  expect(printable({ accounts: [{ username: "ada", password: "engine" }] })).toEqual({
    accounts: [{ username: "ada", password: "[redacted]" }],
  });
});

test("what holds itself ends somewhere, what stands twice is shown twice", () => {
  const twice = { a: 1 };
  const config: Record<string, unknown> = { one: twice, two: twice };
  config["self"] = config;
  expect(printable(config)).toEqual({ one: { a: 1 }, two: { a: 1 }, self: "[circular]" });
});
