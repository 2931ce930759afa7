import { describe, expect, test } from "vitest";
import { connectionReuse } from "./connection-reuse.ts";
import { connectionOpened, pushOver, runTrace } from "../push/testing/run-trace.ts";

const names = ["a", "b", "c", "d"];

describe("apns/connection-reuse", () => {
  test("passes when pushes share connections", () => {
    const trace = runTrace([connectionOpened("a"), ...names.map(() => pushOver("a"))]);
    expect(connectionReuse.judge(trace)).toEqual({ kind: "pass", evidence: [0] });
  });

  test("fails when every push comes over a connection of its own", () => {
    const trace = runTrace(names.flatMap((name) => [connectionOpened(name), pushOver(name)]));
    expect(connectionReuse.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch: "connection-per-push",
      actual: "4 connections opened for 4 pushes",
      evidence: [0, 2, 4, 6],
    });
  });

  test("is not exercised by fewer than four pushes", () => {
    const trace = runTrace(names.slice(1).flatMap((name) => [connectionOpened(name), pushOver(name)]));
    expect(connectionReuse.judge(trace)).toEqual({ kind: "not-exercised" });
  });
});
