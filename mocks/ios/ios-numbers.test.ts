import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { handleAddress } from "./handle-address.ts";
import { iosNumbers } from "./ios-numbers.ts";

describe("the numbers of a simulated iPhone", () => {
  test("are the documented ones unless the config names others", () => {
    expect(iosNumbers({ answerActionMs: 30_000, dozeMaintenanceWindowMs: 1, toString: 1 })).toEqual({
      coldStartMs: 1500,
      delegateReturnCheck: 1,
      reportServiceMs: 7000,
      unreportedPushLimit: 3,
      answerActionMs: 30_000,
      startActionMs: 600_000,
      otherActionMs: 5000,
      audioActivationMs: 100,
      backgroundExecutionMs: 30_000,
      maximumCallGroups: 2,
      groupLimitErrorCode: 0,
    });
  });
});

describe("the address in a handle", () => {
  test.for([
    ["tel:+1-555-0100", "+15550100"],
    ["+1 (555) 0100", "+15550100"],
    ["sips:+15550100@a.test;transport=tls", "+15550100"],
    ["sip:Ann@A.test?subject=x", "ann@a.test"],
    ["mailto:ann@a.test", "ann@a.test"],
    ["5550100x@a.test", "5550100x@a.test"],
    ["", ""],
  ])("of %s is %s", ([handle, address]) => {
    expect(handleAddress(handle ?? "")).toBe(address);
  });

  test("does not depend on case or on blanks around it", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("+", "1", " ", "-", "(", "a", "S", ":", "@", ";", "?", "sip:", "tel:") }),
        (handle) => {
          expect(handleAddress(handle).length).toBeLessThanOrEqual(handle.length);
          expect(handleAddress(` ${handle.toUpperCase()} `)).toBe(handleAddress(handle));
        },
      ),
      { numRuns: 200 },
    );
  });
});
