import { expect, test } from "vitest";
import { apnsPayload } from "./apns-payload.ts";
import { plainProfile } from "./profile.ts";

const call = { callUuid: "u", callId: "c", hint: "h", handle: "alice", callerName: "Alice", video: true };

test("a payload for an iPhone has each member where the profile's pointer says", () => {
  const profile = { ...plainProfile, payload: { hint: "/aps/pushHint", handle: { ios: "/a~1b/0", android: "/x" } } };
  expect(JSON.parse(apnsPayload(profile, call, "none").toString())).toEqual({
    aps: { pushHint: "h" },
    "a/b": { "0": "alice" },
  });
});

test("a payload for an iPhone never grows beyond what a VoIP push may have", () => {
  const long = { ...call, callerName: "\u{1f600}".repeat(3000), handle: "9".repeat(9000) };
  const body = apnsPayload(plainProfile, long, "none");
  expect(body.length).toBeLessThanOrEqual(5120);
  expect(JSON.parse(body.toString())).toMatchObject({ callId: "c" });
});
