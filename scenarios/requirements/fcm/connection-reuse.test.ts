import { describe, expect, test } from "vitest";
import { accessToken, answerOver, connectionOpened, pushOver, runTrace } from "../push/testing/run-trace.ts";
import { connectionReuse } from "./connection-reuse.ts";

const names = ["a", "b", "c", "d"];

describe("fcm/connection-reuse", () => {
  test("passes when messages share connections", () => {
    const trace = runTrace([connectionOpened("a", "fcm"), ...names.map(() => pushOver("a", "fcm"))]);
    expect(connectionReuse.judge(trace)).toEqual({ kind: "pass", evidence: [1] });
  });

  test("does not count connections that carried only requests for access tokens", () => {
    const trace = runTrace([
      ...["t", "u", "v"].flatMap((name) => [connectionOpened(name, "fcm"), accessToken(name, name)]),
      connectionOpened("a", "fcm"),
      ...names.map(() => pushOver("a", "fcm")),
    ]);
    expect(connectionReuse.judge(trace)).toEqual({ kind: "pass", evidence: [7] });
  });

  test("fails when every message comes over a connection of its own", () => {
    const trace = runTrace(names.flatMap((name) => [connectionOpened(name, "fcm"), pushOver(name, "fcm")]));
    expect(connectionReuse.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch: "connection-per-push",
      actual: "4 connections opened for 4 messages",
      evidence: [1, 3, 5, 7],
    });
  });

  test("fails over HTTP/1.1 when each message was answered before the next connection", () => {
    const trace = runTrace(
      names.flatMap((name) => [
        connectionOpened(name, "fcm", "http/1.1"),
        pushOver(name, "fcm"),
        answerOver(name, "fcm"),
      ]),
    );
    expect(connectionReuse.judge(trace)).toMatchObject({ kind: "fail", mismatch: "connection-per-push" });
  });

  test("is not exercised by messages sent at once over HTTP/1.1, which need a connection each", () => {
    const trace = runTrace([
      ...names.map((name) => connectionOpened(name, "fcm", "http/1.1")),
      ...names.map((name) => pushOver(name, "fcm")),
      ...names.map((name) => answerOver(name, "fcm")),
    ]);
    expect(connectionReuse.judge(trace)).toEqual({ kind: "not-exercised" });
  });

  test("is not exercised by fewer than four messages", () => {
    const trace = runTrace(names.slice(1).flatMap((name) => [connectionOpened(name, "fcm"), pushOver(name, "fcm")]));
    expect(connectionReuse.judge(trace)).toEqual({ kind: "not-exercised" });
  });
});
