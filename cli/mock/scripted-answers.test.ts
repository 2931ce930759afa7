import { describe, expect, test } from "vitest";
import { readScriptedAnswer } from "./scripted-answers.ts";

describe("a scripted answer of the command line", () => {
  test.each([
    ["any=Unregistered", { token: "any", apns: "Unregistered" }],
    [
      "0a0b=410:ExpiredToken*3",
      { token: "0a0b", times: 3, apns: { kind: "status", status: 410, reason: "ExpiredToken" } },
    ],
    [
      "0a0b=403:BadEnvironmentKeyInToken",
      { apns: { kind: "status", status: 403, reason: "BadEnvironmentKeyInToken" } },
    ],
    ["x:APA91b-_y=UNREGISTERED", { token: "x:APA91b-_y", fcm: "UNREGISTERED" }],
    ["any=429:QUOTA_EXCEEDED", { fcm: { kind: "status", status: 429, reason: "QUOTA_EXCEEDED" } }],
    ["any=502", { fcm: { kind: "status", status: 502 } }],
    ["any=reset", { apns: { kind: "reset" }, fcm: { kind: "reset" } }],
    ["any=no-answer", { apns: { kind: "no-answer" }, fcm: { kind: "no-answer" } }],
    ["any=delay:250*1", { times: 1, apns: { kind: "delay", delayMs: 250 }, fcm: { kind: "delay", delayMs: 250 } }],
    ["any=goaway", { apns: { kind: "goaway", reason: "Shutdown" } }],
    ["any=goaway:IdleTimeout", { apns: { kind: "goaway", reason: "IdleTimeout" } }],
    ["any=sticky-429", { apns: { kind: "sticky-429" } }],
  ])("%s is read", (text, answer) => {
    expect(readScriptedAnswer(text)).toMatchObject(answer);
  });

  test.each([
    "",
    "any",
    "=410:Unregistered",
    "any=",
    "any=999:Unregistered",
    "any=410:nonsense",
    "any=delay",
    "any=reset*0",
  ])("%j is refused", (text) => {
    expect(() => readScriptedAnswer(text)).toThrow(/--answer|no HTTP status/);
  });
});
