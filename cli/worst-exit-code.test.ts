import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ExitCode } from "../harness/judge/exit-code.ts";
import { worstExitCode } from "./worst-exit-code.ts";

const code = fc.constantFrom<ExitCode>(0, 1, 2, 3, 4);

describe("the exit code of several runs", () => {
  test("is that of one of them, and 0 only if all are", () => {
    fc.assert(
      fc.property(fc.array(code, { minLength: 1 }), (codes) => {
        expect(codes).toContain(worstExitCode(codes));
        expect(worstExitCode(codes) === 0).toBe(codes.every((one) => one === 0));
      }),
    );
  });

  test("depends on neither their order nor their number, and comes out the same part by part", () => {
    fc.assert(
      fc.property(fc.array(code, { minLength: 1 }), fc.array(code, { minLength: 1 }), (some, others) => {
        const whole = worstExitCode([...some, ...others]);
        expect(worstExitCode([...others.toReversed(), ...some])).toBe(whole);
        expect(worstExitCode([worstExitCode(some), worstExitCode(others)])).toBe(whole);
      }),
    );
  });

  test("puts a fault of ours before a wrong use, that before a failure, and that before what is open", () => {
    expect(worstExitCode([0, 2, 1, 3, 4])).toBe(4);
    expect(worstExitCode([0, 2, 1, 3])).toBe(3);
    expect(worstExitCode([0, 2, 1])).toBe(1);
    expect(worstExitCode([0, 2])).toBe(2);
  });

  test("of no run is that nothing was found out", () => {
    expect(worstExitCode([])).toBe(2);
  });
});
