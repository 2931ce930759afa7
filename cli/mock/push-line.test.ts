import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LoggedPush } from "../../mocks/standalone/logged-push.ts";
import { mockOutput } from "./mock-output.ts";
import { problemLines, pushLines } from "./push-line.ts";

const push: LoggedPush = {
  number: 1,
  service: "apns",
  receivedAtMs: 0,
  connection: "apns-1",
  method: "POST",
  path: "/3/device/00",
  headers: { "apns-topic": "com.example.phone.voip", "apns-push-type": "voip" },
  body: "{}",
  payload: {},
  token: "0123456789abcdef0123456789abcdef",
  id: "",
  status: 410,
  reason: "Unregistered",
  scripted: true,
  became: "refused",
  findings: [],
};

describe("a push shown live", () => {
  test("says the reason in words, and that it was scripted", () => {
    expect(pushLines(push)[0]).toMatch(
      /apns  01234567…cdef  voip com\.example\.phone\.voip  410 Unregistered \(scripted\): The device token is no longer active/,
    );
    expect(pushLines({ ...push, service: "fcm", status: 404, reason: "UNREGISTERED" })[0]).toMatch(/forget its token/);
  });

  test("has a line for each finding, with its source", () => {
    const findings = [{ rule: "apns/topic", mismatch: "bad", expected: "a", actual: "b", source: "Apple, Somewhere" }];
    expect(pushLines({ ...push, findings })[1]).toBe(
      "              ! apns/topic (bad): expected a; actual b [Apple, Somewhere]",
    );
  });

  const hostile = fc.string({ unit: "binary", maxLength: 30 });
  // Controls of both sets, format characters (bidirectional ones), separators.
  const acting = /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u;

  test("never acts on the terminal, whatever it holds", () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (first, second, third) => {
        const finding = { rule: "apns/topic", mismatch: "bad", expected: first, actual: second };
        const evil: LoggedPush = {
          ...push,
          token: first,
          reason: second,
          headers: { "apns-topic": third, "apns-push-type": first },
          payload: { message: { data: {}, android: { priority: second } } },
          findings: [finding],
        };
        const problem = { service: "fcm", connection: first, atMs: 0, failed: second, findings: [finding] } as const;
        const json: string[] = [];
        const output = mockOutput(
          true,
          (line) => json.push(line),
          () => 0,
        );
        output.listeners.onPush(evil);
        output.start({ tls: { caFile: third }, directory: third }, []);
        for (const line of [
          ...pushLines(evil),
          ...pushLines({ ...evil, service: "fcm" }),
          ...problemLines(problem),
          ...json,
        ]) {
          expect(line).not.toMatch(acting);
        }
        expect(json.map((line) => JSON.parse(line) as unknown)).toEqual([
          { kind: "world", tls: { caFile: third }, directory: third },
          { kind: "push", ...evil },
        ]);
      }),
    );
  });
});
