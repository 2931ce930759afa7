import { expect, test } from "vitest";
import { androidNumbers } from "../mocks/android/android-numbers.ts";
import { iosNumbers } from "../mocks/ios/ios-numbers.ts";
import { UsageError } from "../harness/errors.ts";
import { checkOsNumbers } from "./check-os-numbers.ts";
import { embeddedConfig } from "./embedded-default.ts";

function complaint(os: Readonly<Record<string, number>>): string {
  try {
    checkOsNumbers({ ...embeddedConfig("connected"), os }, "acme.mjs");
    return "";
  } catch (error) {
    return error instanceof UsageError ? error.message : `no UsageError: ${String(error)}`;
  }
}

test("every number of either simulated phone may be given", () => {
  expect(complaint({})).toBe("");
  expect(complaint({ ...iosNumbers({}), ...androidNumbers({}) })).toBe("");
});

test("a number that no phone has is named with the file, and with the one that was probably meant", () => {
  expect(complaint({ coldStartMS: 1 })).toBe("acme.mjs: os.coldStartMS is not known. Did you mean coldStartMs?");
  expect(complaint({ xyzzy: 1 })).toMatch(/^acme\.mjs: os\.xyzzy is not known\. Known here: answerActionMs, /);
});

test("a number below zero is none", () => {
  expect(complaint({ coldStartMs: -1 })).toBe("acme.mjs: os.coldStartMs must not be negative.");
});
