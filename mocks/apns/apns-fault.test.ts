import { describe, expect, test } from "vitest";
import { faultBoard } from "./apns-fault.ts";
import type { ApnsFault } from "./apns-fault.ts";

const RESET: ApnsFault = { kind: "reset" };
const SILENCE: ApnsFault = { kind: "no-answer" };
const push = { token: "ab", connection: "apns-1" };

describe("faults on request", () => {
  test("meet no push unless asked for", () => {
    expect(faultBoard().take(push)).toBeUndefined();
  });

  test("meet every push, or those of one token, or of one connection", () => {
    const faults = faultBoard();
    faults.inject({ fault: RESET, token: "cd" });
    faults.inject({ fault: SILENCE, connection: "apns-2" });
    expect(faults.take(push)).toBeUndefined();
    expect(faults.take({ ...push, token: "cd" })).toBe(RESET);
    expect(faults.take({ ...push, connection: "apns-2" })).toBe(SILENCE);
    faults.inject({ fault: { kind: "refuse-stream" } });
    expect(faults.take({ connection: "apns-3" })).toEqual({ kind: "refuse-stream" });
  });

  test("end after as many pushes as were asked for, the older first", () => {
    const faults = faultBoard();
    faults.inject({ fault: RESET, times: 2 });
    faults.inject({ fault: SILENCE, times: 1 });
    expect([1, 2, 3, 4].map(() => faults.take(push))).toEqual([RESET, RESET, SILENCE, undefined]);
  });

  test("can be taken back", () => {
    const faults = faultBoard();
    const end = faults.inject({ fault: RESET });
    faults.take(push);
    end();
    expect(faults.take(push)).toBeUndefined();
  });
});
