import * as fc from "fast-check";
import { expect, test } from "vitest";
import { fcmMessage } from "./fcm-message.ts";
import { plainProfile, type Profile } from "./profile.ts";
import type { PushedCall } from "./push-payload.ts";

const call = { callUuid: "u", callId: "c", hint: "h", handle: "alice", callerName: "Alice", video: true };

interface Message {
  readonly token: string;
  readonly data: Readonly<Record<string, string>>;
}

function messageFor(profile: Profile, told: PushedCall): Message {
  const { message } = JSON.parse(fcmMessage(profile, "t:1", told, "none").toString()) as { readonly message: Message };
  return message;
}

test("a message is nothing but data for one token, of high priority and for a short time", () => {
  expect(messageFor(plainProfile, call)).toEqual({
    token: "t:1",
    data: { callUUID: "u", callId: "c", handle: "alice", callerName: "Alice", hasVideo: "true" },
    android: { priority: "HIGH", ttl: "20s" },
  });
});

test("the profile's pointers for Android say where each member is; what is deeper is JSON in a string", () => {
  const payload = { hint: { ios: "/x", android: "/items/hint" }, video: "/items/video", handle: "/a~1b" };
  const { data } = messageFor({ ...plainProfile, payload }, call);
  expect(data).toEqual({ items: expect.any(String), "a/b": "alice" });
  expect(JSON.parse(data["items"] ?? "")).toEqual({ hint: "h", video: true });
});

test("whatever the caller is called, every value is a string and keys and values stay within 4096 bytes", () => {
  const words = fc.string({ unit: "grapheme", maxLength: 40 });
  const name = fc.tuple(words, fc.nat(200)).map(([word, times]) => word.repeat(times));
  fc.assert(
    fc.property(name, name, fc.boolean(), (callerName, handle, video) => {
      const { data } = messageFor(plainProfile, { ...call, callerName, handle, video });
      expect(Object.values(data).every((value) => typeof value === "string")).toBe(true);
      expect(Buffer.byteLength(Object.entries(data).flat().join(""))).toBeLessThanOrEqual(4096);
      expect(data).toMatchObject({ callId: "c", hasVideo: String(video) });
    }),
  );
});
