import { describe, expect, test } from "vitest";
import { plainProfile, type Profile } from "./profile.ts";
import { header, NO_BODY, type SipRequest } from "./sip-message.ts";
import { tokenReader } from "./token-reader.ts";

function registration(headers: Readonly<Record<string, string>> = {}): SipRequest {
  return {
    kind: "request",
    method: "REGISTER",
    uri: "sip:example.test",
    headers: Object.entries(headers).map(([name, value]) => header(name, value)),
    body: NO_BODY,
  };
}

function profileWith(part: Profile["registration"]): Profile {
  return { ...plainProfile, registration: part };
}

describe("a token", () => {
  test.each([
    ["apns", "aa11", { provider: "apns", token: "aa11" }],
    ["FCM", "abc:APA91b%5F-", { provider: "fcm", token: "abc:APA91b_-" }],
    ["fcm", "aa11", { provider: "fcm", token: "aa11" }],
  ])("belongs to the service %s that the Contact URI names", (provider, token, expected) => {
    const read = tokenReader(plainProfile);
    const uri = `sip:bob@10.0.0.1;pn-provider=${provider};pn-param=x;pn-prid=${token}`;
    expect(read(registration(), uri)).toEqual(expected);
  });

  test.each([
    ["AA11", { provider: "apns", token: "AA11" }],
    ["dGVzdA:APA91b_-", { provider: "fcm", token: "dGVzdA:APA91b_-" }],
  ])("is known by its form where nothing names the service: %s", (token, expected) => {
    const read = tokenReader(profileWith({ header: { name: "X-Token", value: "<token>" } }));
    expect(read(registration({ "X-Token": token }), "sip:bob@10.0.0.1")).toEqual(expected);
  });

  test("and its service may stand in one header field, as often as it likes", () => {
    const read = tokenReader(
      profileWith({ header: { name: "X-Push", value: "<provider>/<param>/<provider>:<token>" } }),
    );
    expect(read(registration({ "X-Push": "fcm/project/fcm:aa11" }), "sip:bob@10.0.0.1")).toEqual({
      provider: "fcm",
      token: "aa11",
    });
  });

  test("is absent where the profile's place for it is empty", () => {
    expect(tokenReader(plainProfile)(registration(), "sip:bob@10.0.0.1;pn-provider=fcm")).toBeUndefined();
    const read = tokenReader(profileWith({ header: { name: "X-Push", value: "fcm:<token>" } }));
    expect(read(registration({ "X-Push": "apns:aa" }), "sip:bob@10.0.0.1")).toBeUndefined();
    expect(read(registration(), "sip:bob@10.0.0.1")).toBeUndefined();
  });
});
