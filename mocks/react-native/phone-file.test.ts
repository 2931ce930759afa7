import { expect, test } from "vitest";
import { phoneFile } from "./phone-file.ts";

const there = new Set(["/app/a.ios.js", "/app/a.native.ts", "/app/b.native.jsx"]);
const isFile = (path: string): boolean => there.has(path);

test("the file of the platform stands before the one for every phone, and both before any other", () => {
  expect(phoneFile("/app/a", "ios", isFile)).toBe("/app/a.ios.js");
  expect(phoneFile("/app/a", "android", isFile)).toBe("/app/a.native.ts");
  expect(phoneFile("/app/b", "ios", isFile)).toBe("/app/b.native.jsx");
  expect(phoneFile("/app/c", "ios", isFile)).toBeUndefined();
});
